import { LONGEST_TIMER_MS } from "../../contract/clock.ts";
import { FIRST_TOKEN_MS, SILENT_FIRST_TOKEN_MS, type TimeLimits } from "../../plan/client-defaults.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import { timeLeftMs } from "../call.ts";
import { shareOfTime } from "../share-of-time.ts";
import type { AttemptInput } from "./attempt-input.ts";
import type { OpenAttempt } from "./attempt-state.ts";

/** Bytes that form no part (comments, pings) extend the idle limit to at most this. */
const MAX_WITHOUT_PART_MS = 60_000;

/** Minimum interval between two checks whether another link has become ready. */
const MIN_RECHECK_MS = 500;

/** Maximum time until the first part, by these limits; `null`: no limit. */
export function firstPartLimitMs(
  { firstTokenMs, attemptMs }: TimeLimits,
  { capabilities }: ChainLink,
  transport: AttemptInput<unknown>["transport"],
): number | null {
  if (transport === "json") return attemptMs;
  if (firstTokenMs !== undefined) return firstTokenMs;
  return capabilities.silentReasoning ? SILENT_FIRST_TOKEN_MS : FIRST_TOKEN_MS;
}

/** Maximum time until the first part while no other link is ready, milliseconds. */
export function toLastLinkLimitMs(
  call: AttemptInput<unknown>["call"],
  partLimitMs: number | null,
  linksLeft: number,
): number {
  const { attemptMs } = call.limits;
  const ownLimitMs = partLimitMs === null || attemptMs === null ? null : Math.max(partLimitMs, attemptMs);
  return shareOfTime(ownLimitMs, timeLeftMs(call), linksLeft) ?? Number.POSITIVE_INFINITY;
}

/** Whether a wait has reached the client's own limit. The limits of the call and its share of the remaining time may be shorter. */
export function isClientsLimit({ input, link, firstPartMs }: OpenAttempt, waitedMs: number): boolean {
  const { timeouts } = input.engine.config;
  const limitMs = firstPartMs === null ? firstPartLimitMs(timeouts, link, input.transport) : timeouts.idleMs;
  return limitMs !== null && waitedMs >= limitMs;
}

/** The current limit of the wait for a part, extended by bytes that have arrived, milliseconds. */
export function currentLimitMs({ firstPartMs, waitingSince, lastBytesAtMonoMs }: OpenAttempt, limitMs: number): number {
  if (firstPartMs === null) return limitMs;
  const extendedMs = Math.max(0, lastBytesAtMonoMs - waitingSince) + limitMs;
  return Math.min(extendedMs, Math.max(limitMs, MAX_WITHOUT_PART_MS));
}

/** Extends the limit of the first part up to `lastLinkLimitMs` while no other link is ready. `false`: not extended. */
export function extendLimit(attempt: OpenAttempt, limitMs: number): boolean {
  const { firstPartMs, lastLinkLimitMs, input } = attempt;
  if (firstPartMs !== null || limitMs >= lastLinkLimitMs || input.hasReadyFallback()) return false;
  attempt.limitMs = Math.min(lastLinkLimitMs, limitMs + Math.max(limitMs, MIN_RECHECK_MS));
  return true;
}

/** Starts the timer of the wait for a part. */
export function setTimer(attempt: OpenAttempt, ms: number): void {
  attempt.timer = attempt.call.clock.setTimeout(attempt.onTimer, Math.min(Math.ceil(ms), LONGEST_TIMER_MS));
}

/** Stops the timer of the wait for a part, if it runs. */
export function clearTimer(attempt: OpenAttempt): void {
  if (attempt.timer !== null) attempt.call.clock.clearTimeout(attempt.timer);
  attempt.timer = null;
}
