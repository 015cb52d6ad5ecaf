import type { ChainLink } from "../chain/plan-chain.ts";
import { shareOfTime } from "../chain/share-of-time.ts";
import type { Slot } from "../limit/concurrency-limiter.ts";
import { acquireSlot } from "./acquire-slot.ts";
import { timeLeftMs } from "./call.ts";
import { sleep } from "./wait.ts";
import { linksAfter, type Walk } from "./walk.ts";

/** A link comes up a second time only when all others have failed; then it is waited for, and tried whatever its state. */
const isLastChance = (walk: Walk<unknown>, link: ChainLink): boolean =>
  linksAfter(walk) === 0 || walk.postponed.includes(link);

/** A slot at the provider of the link in turn, at once where there is one; `null` when another link should be tried first. */
export function admit(walk: Walk<unknown>, link: ChainLink): Slot | null | Promise<Slot | null> {
  const { engine, call, retry } = walk;
  const lastChance = isLastChance(walk, link);
  const { state, until, probing } = engine.breaker.read(link.resolved.ref);
  if (state === "closed") return takeSlot(walk, link);
  const restMs = state === "resting" && until !== null ? until - call.clock.monotonic() : null;
  const shareMs = shareOfTime(null, timeLeftMs(call), linksAfter(walk) + 1);
  const mayWait = restMs !== null && restMs <= retry.maxRetryAfterMs && (shareMs === null || restMs < shareMs);
  // A retry has chosen to wait for this link; the last of its rest is waited for, not taken for a reason to leave.
  const waits = mayWait && (lastChance || walk.retries > 0);
  if (waits) return sleep(call, Math.max(0, restMs)).then(() => takeSlot(walk, link));
  const away = state === "open" || state === "resting" || probing;
  return away && !lastChance ? null : takeSlot(walk, link);
}

function takeSlot(walk: Walk<unknown>, link: ChainLink): Slot | Promise<Slot | null> {
  const { engine, call } = walk;
  const after = linksAfter(walk);
  const patienceMs = after === 0 ? null : shareOfTime(null, timeLeftMs(call), after + 1);
  const { provider, ref } = link.resolved;
  return acquireSlot(call, engine.limiterOf(provider, ref), patienceMs);
}

/** Whether the link has failed others while this call waited for its slot, or another call has gone to probe it. */
export function hasGoneAway(walk: Walk<unknown>, link: ChainLink): boolean {
  const { engine } = walk;
  const { state, probing } = engine.breaker.read(link.resolved.ref);
  if (state === "closed" || isLastChance(walk, link)) return false;
  return state === "open" || probing || (state === "resting" && walk.retries === 0);
}
