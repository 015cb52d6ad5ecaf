import { toWaitMs } from "@babylon/llm-core";
import type { ResponseHeaders } from "../http/transport.ts";
import { DURATION_PATTERN, parseDuration } from "./parse-duration.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";
import { parseReset } from "./parse-reset.ts";

const IN_TEXT = new RegExp(
  String.raw`(?:try|retry)(?: your request)?(?: again)? (?:in|after) (${DURATION_PATTERN}|\d+(?:\.\d+)?(?= ?(milliseconds?|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?)))`,
  "i",
);

/** Maximum number of values of one header. */
const MAX_VALUES = 8;

/** Milliseconds by the first three letters of a unit. */
const WORD_MS: Readonly<Record<string, number>> = { mil: 1, sec: 1_000, min: 60_000, hou: 3_600_000, day: 86_400_000 };

/**
 * The wait that a vendor requests: whole milliseconds, at most 24 h; `null` if there is none. The first of: `retry-after-ms`,
 * `retry-after` (seconds or an HTTP date; the longest of several, since proxies add their own), a wait in the error's text ("try again in
 * 9m52.272s"), the reset of an exhausted budget.
 *
 * @param text - the vendor's error message
 */
export function parseRetryAfter(headers: ResponseHeaders, text: string, nowMs: number): number | null {
  return (
    milliseconds(headers.get("retry-after-ms")) ??
    longestOf(headers.get("retry-after"), headers, nowMs) ??
    waitInText(text) ??
    resetOfExhaustedBudget(headers, nowMs)
  );
}

function milliseconds(value: string | null): number | null {
  const values = (value ?? "").split(",").filter((text) => /^\s*\d+(?:\.\d+)?\s*$/.test(text));
  return values.length === 0 ? null : toWaitMs(Math.max(...values.map(Number)));
}

/** Repeated headers are joined with commas. An HTTP date contains a comma after the day of the week. */
function longestOf(value: string | null, headers: ResponseHeaders, nowMs: number): number | null {
  let longest: number | null = null;
  for (const text of (value ?? "").split(/(?<!\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*),/i, MAX_VALUES)) {
    const waitMs = parseReset(text, headers, nowMs);
    if (waitMs !== null) longest = Math.max(longest ?? 0, waitMs);
  }
  return longest;
}

function waitInText(text: string): number | null {
  const [, wait, unit] = IN_TEXT.exec(text) ?? [];
  if (wait === undefined) return null;
  if (unit === undefined) return parseDuration(wait.toLowerCase());
  return toWaitMs(Number(wait) * (WORD_MS[unit.slice(0, 3).toLowerCase()] ?? Number.NaN));
}

/** The latest reset of all exhausted budgets. A budget with a reset but without counts is taken as exhausted. */
function resetOfExhaustedBudget(headers: ResponseHeaders, nowMs: number): number | null {
  let longest: number | null = null;
  for (const { limit, remaining, resetMs } of parseRateLimits(headers, nowMs)) {
    const isExhausted = remaining === 0 || (remaining === null && limit === null);
    if (isExhausted && resetMs !== null) longest = Math.max(longest ?? 0, resetMs);
  }
  return longest;
}
