import { toWaitMs } from "@babylon/llm-core";
import type { ResponseHeaders } from "../http/transport.ts";
import { parseDuration } from "./parse-duration.ts";

/** Numbers from these thresholds on are epoch times, not waits: 2001-09-09 in seconds, milliseconds, microseconds and nanoseconds. */
const EPOCH_UNITS_MS: readonly (readonly [from: number, unitMs: number])[] = [
  [1e18, 1e-6],
  [1e15, 1e-3],
  [1e12, 1],
  [1e9, 1_000],
];

/**
 * Milliseconds until a reset, given as a Go duration (`6m0s`), a number of seconds, an epoch time (seconds to nanoseconds) or a date
 * (RFC 3339 or HTTP). From 0 to 24 h; `null` for any other format.
 *
 * Times are relative to the vendor's clock in the reply's `date` header; without that header, to the local clock.
 *
 * @param nowMs - epoch milliseconds of the local clock
 */
export function parseReset(text: string | null, headers: ResponseHeaders, nowMs: number): number | null {
  const value = text?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value);
    const epoch = EPOCH_UNITS_MS.find(([from]) => number >= from);
    return toWaitMs(epoch === undefined ? number * 1_000 : number * epoch[1] - replyTimeMs(headers, nowMs));
  }
  return parseDuration(value) ?? toWaitMs(parseDate(value) - replyTimeMs(headers, nowMs));
}

/** The time of the reply by the sender's clock, epoch milliseconds. */
function replyTimeMs(headers: ResponseHeaders, nowMs: number): number {
  const at = parseDate(headers.get("date")?.trim() ?? "");
  return Number.isNaN(at) ? nowMs : at;
}

/** Epoch milliseconds; NaN if it is not a date. */
function parseDate(value: string): number {
  // Requires a year, because Date.parse accepts "-5" and similar texts.
  return /\d{4}/.test(value) ? Date.parse(value) : Number.NaN;
}
