import { parseDuration } from "./parse-duration.ts";

/** Numbers above this are moments, not waits: 2001-09-09 in seconds. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

/**
 * Milliseconds from now until a moment that a vendor gave as a Go duration (`6m0s`), a number of seconds, an epoch time or a date
 * (RFC 3339 or HTTP). Never negative; `null` when it is none of these.
 */
export function parseReset(text: string | null, nowMs: number): number | null {
  const value = text?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value);
    if (number >= EPOCH_MS) return Math.max(0, Math.ceil(number - nowMs));
    if (number >= EPOCH_SECONDS) return Math.max(0, Math.ceil(number * 1000 - nowMs));
    return Math.ceil(number * 1000);
  }
  const durationMs = parseDuration(value);
  if (durationMs !== null) return durationMs;
  // A date has a year; without this, Date.parse takes "-5" and the like for one.
  if (!/\d{4}/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
