import { toWaitMs } from "@babylon/llm-core";
import type { ResponseHeaders } from "../http/transport.ts";
import { parseDuration } from "./parse-duration.ts";

/** Numbers from these on are moments, not waits: 2001-09-09 in seconds, and in the finer units that vendors count in. */
const EPOCH_UNITS_MS: readonly (readonly [from: number, unitMs: number])[] = [
  [1e18, 1e-6],
  [1e15, 1e-3],
  [1e12, 1],
  [1e9, 1_000],
];

/**
 * Milliseconds until a moment that a vendor gave as a Go duration (`6m0s`), a number of seconds, an epoch time (seconds to
 * nanoseconds) or a date (RFC 3339 or HTTP). From 0 to 24 h; `null` when it is none of these.
 *
 * A moment is read by the vendor's clock, which the reply's `date` header shows; where there is none, by ours.
 *
 * @param nowMs - epoch milliseconds by our clock
 */
export function parseReset(text: string | null, headers: ResponseHeaders, nowMs: number): number | null {
  const value = text?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value);
    const epoch = EPOCH_UNITS_MS.find(([from]) => number >= from);
    return toWaitMs(epoch === undefined ? number * 1_000 : number * epoch[1] - replyMoment(headers, nowMs));
  }
  return parseDuration(value) ?? toWaitMs(parseDate(value) - replyMoment(headers, nowMs));
}

/** When the reply was made, by the clock of whoever made it. */
function replyMoment(headers: ResponseHeaders, nowMs: number): number {
  const at = parseDate(headers.get("date")?.trim() ?? "");
  return Number.isNaN(at) ? nowMs : at;
}

/** Epoch milliseconds; NaN when it is not a date. */
function parseDate(value: string): number {
  // A date has a year; without this, Date.parse takes "-5" and the like for one.
  return /\d{4}/.test(value) ? Date.parse(value) : Number.NaN;
}
