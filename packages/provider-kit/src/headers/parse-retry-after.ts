import { toWaitMs } from "@babylon/llm-core";
import type { ResponseHeaders } from "../http/transport.ts";
import { DURATION_PATTERN, parseDuration } from "./parse-duration.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";
import { parseReset } from "./parse-reset.ts";

const IN_TEXT = new RegExp(
  String.raw`(?:try|retry)(?: your request)?(?: again)? (?:in|after) (${DURATION_PATTERN}|\d+(?:\.\d+)?(?= ?(milliseconds?|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?)))`,
  "i",
);

/** By the first letters of the unit's name. */
const WORD_MS: Readonly<Record<string, number>> = { mil: 1, sec: 1_000, min: 60_000, hou: 3_600_000, day: 86_400_000 };

/**
 * How long a vendor asks to wait: whole milliseconds, at most 24 h; `null` when it does not say. The first of: `retry-after-ms`,
 * `retry-after` (seconds or an HTTP date), a wait named in the error's text ("try again in 9m52.272s"), the reset of the budget that
 * is spent.
 *
 * @param text - the vendor's error message
 */
export function parseRetryAfter(headers: ResponseHeaders, text: string, nowMs: number): number | null {
  return (
    milliseconds(headers.get("retry-after-ms")) ??
    parseReset(headers.get("retry-after"), headers, nowMs) ??
    waitInText(text) ??
    resetOfSpentBudget(headers, nowMs)
  );
}

function milliseconds(value: string | null): number | null {
  if (value === null || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return null;
  return toWaitMs(Number(value));
}

function waitInText(text: string): number | null {
  const [, wait, unit] = IN_TEXT.exec(text) ?? [];
  if (wait === undefined) return null;
  if (unit === undefined) return parseDuration(wait.toLowerCase());
  return toWaitMs(Number(wait) * (WORD_MS[unit.slice(0, 3).toLowerCase()] ?? Number.NaN));
}

/** With several spent, the last to come back decides. */
function resetOfSpentBudget(headers: ResponseHeaders, nowMs: number): number | null {
  let longest: number | null = null;
  for (const { remaining, resetMs } of parseRateLimits(headers, nowMs)) {
    if (remaining === 0 && resetMs !== null) longest = Math.max(longest ?? 0, resetMs);
  }
  return longest;
}
