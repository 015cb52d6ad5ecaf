import { DURATION_PATTERN, parseDuration } from "./parse-duration.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";
import { parseReset } from "./parse-reset.ts";
import type { ResponseHeaders } from "./transport.ts";

const IN_TEXT = new RegExp(
  String.raw`(?:try|retry)(?: your request)?(?: again)? (?:in|after) (${DURATION_PATTERN}|\d+(?:\.\d+)?(?= ?(seconds?|minutes?)))`,
  "i",
);

/**
 * How long a vendor asks to wait, milliseconds; `null` when it does not say. The first of: `retry-after-ms`, `retry-after`
 * (seconds or an HTTP date), a wait named in the error's text ("try again in 9m52.272s"), the reset of the budget that is spent.
 *
 * @param text - the vendor's error message
 */
export function parseRetryAfter(headers: ResponseHeaders, text: string, nowMs: number): number | null {
  return (
    milliseconds(headers.get("retry-after-ms")) ??
    parseReset(headers.get("retry-after"), nowMs) ??
    waitInText(text) ??
    resetOfSpentBudget(headers, nowMs)
  );
}

function milliseconds(value: string | null): number | null {
  if (value === null || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return null;
  return Math.ceil(Number(value));
}

function waitInText(text: string): number | null {
  const [, wait, unit] = IN_TEXT.exec(text) ?? [];
  if (wait === undefined) return null;
  if (unit === undefined) return parseDuration(wait);
  return Math.ceil(Number(wait) * (unit.startsWith("m") ? 60_000 : 1_000));
}

/** With several spent, the last to come back decides. */
function resetOfSpentBudget(headers: ResponseHeaders, nowMs: number): number | null {
  let longest: number | null = null;
  for (const { remaining, resetMs } of parseRateLimits(headers, nowMs)) {
    if (remaining === 0 && resetMs !== null) longest = Math.max(longest ?? 0, resetMs);
  }
  return longest;
}
