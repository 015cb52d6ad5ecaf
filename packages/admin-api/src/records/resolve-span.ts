import { splitPeriods, startOfDate } from "@babylon/record-store/contract";
import { invalidQuery } from "../http/read-query.ts";
import type { SpanParams } from "./query-schemas.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_SPAN_MS = 3_660 * DAY_MS;

/** A checked `from` or `to` as epoch milliseconds. A date is its start in the time zone. */
export function toEpochMs(text: string, timeZone: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return text.length === 10 ? startOfDate(text, timeZone) : Date.parse(text);
}

/** The start of the last hours, local days or local months; the current one is the last of them. */
function startOfLast(last: string, now: number, timeZone: string): number {
  const count = Number.parseInt(last, 10);
  if (last.endsWith("h")) return splitPeriods(now - (count - 1) * HOUR_MS, now + 1, timeZone, "hour")[0] ?? now;
  const bucket = last.endsWith("mo") ? "month" : "day";
  // One period more than needed: days have 23 to 25 hours, months 28 to 31 days.
  const before = bucket === "month" ? (count * 31 + 1) * DAY_MS : count * DAY_MS + 2 * HOUR_MS;
  return splitPeriods(now - before, now + 1, timeZone, bucket).at(-count) ?? now;
}

/** A time span, epoch milliseconds. */
export interface EpochSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The time span of a query. Default: the last 7 days. Throws `invalid_query` with the parameter that contradicts another.
 *
 * @param last - such as `24h`, `7d` or `12mo`: whole hours, days and months of the time zone up to now
 */
export function resolveSpan(
  { from, to, last, timeZone = "UTC" }: SpanParams & { readonly last?: string | undefined },
  now: number,
): EpochSpan {
  if (last !== undefined && (from !== undefined || to !== undefined)) {
    throw invalidQuery([{ path: "last", message: "is an alternative to from and to" }]);
  }
  const end = to === undefined ? now + 1 : toEpochMs(to, timeZone);
  const start =
    from === undefined ? startOfLast(last ?? "7d", Math.min(now, end), timeZone) : toEpochMs(from, timeZone);
  if (start >= end) throw invalidQuery([{ path: "to", message: "is not after from" }]);
  if (end - start > MAX_SPAN_MS) {
    throw invalidQuery([{ path: last === undefined ? "from" : "last", message: "a span has at most 10 years" }]);
  }
  return { from: start, to: end };
}
