import type { UsageBucket } from "../contract/usage-query.ts";
import { QUARTER_MS } from "./quarter.ts";

/** A period of the clocks of a time zone. */
type ClockBucket = Exclude<UsageBucket, "all">;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A time span with one offset from UTC. */
interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
}

/** The start of the first quarter of an hour that is not before a time. */
const nextQuarter = (ms: number): number => Math.ceil(ms / QUARTER_MS) * QUARTER_MS;
const lastQuarter = (ms: number): number => Math.floor(ms / QUARTER_MS) * QUARTER_MS;

/** Returns the offset from UTC at a time, milliseconds. Throws a `RangeError` for an unknown time zone. */
function offsetsOf(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (epochMs) => {
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(epochMs)) {
      if (type in parts) parts[type as keyof typeof parts] = Number(value);
    }
    const { year, month, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1_000) * 1_000;
  };
}

/** The spans of equal offset. A clock change is found to the quarter of an hour, at which all zones in use change. */
function offsetSpans(from: number, to: number, offsetAt: (epochMs: number) => number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let start = from;
  let offsetMs = offsetAt(from);
  for (let at = from; at < to; ) {
    const next = Math.min(to, at + DAY_MS);
    const nextOffsetMs = offsetAt(next);
    if (nextOffsetMs !== offsetMs) {
      let low = lastQuarter(at);
      let high = nextQuarter(next);
      while (high - low > QUARTER_MS) {
        const middle = lastQuarter((low + high) / 2);
        if (offsetAt(middle) === offsetMs) low = middle;
        else high = middle;
      }
      spans.push({ from: start, to: high, offsetMs });
      start = high;
      offsetMs = nextOffsetMs;
    }
    at = next;
  }
  spans.push({ from: start, to, offsetMs });
  return spans;
}

/** The start of the period of a local time; local times are written as if they were UTC. */
function localStart(localMs: number, bucket: ClockBucket): number {
  if (bucket === "hour") return Math.floor(localMs / HOUR_MS) * HOUR_MS;
  if (bucket === "day") return Math.floor(localMs / DAY_MS) * DAY_MS;
  const date = new Date(localMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function localEnd(localStartMs: number, bucket: ClockBucket): number {
  if (bucket === "hour") return localStartMs + HOUR_MS;
  if (bucket === "day") return localStartMs + DAY_MS;
  const date = new Date(localStartMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** A day or a month may be 35 hours or two months before its first call, with its clock change. */
const LONGEST_MS: Readonly<Record<ClockBucket, number>> = { hour: 2 * HOUR_MS, day: 2 * DAY_MS, month: 33 * DAY_MS };

/**
 * The starts of the local periods that overlap a time span, ascending; the first one is at or before `from`. On days with a clock change
 * periods are longer or shorter: a day has 23 or 25 hours, and an hour that occurs twice is two periods.
 */
export function splitPeriods(from: number, to: number, timeZone: string, bucket: UsageBucket): readonly number[] {
  const offsetAt = offsetsOf(timeZone);
  if (bucket === "all") return [from];
  const starts: number[] = [];
  const earliest = lastQuarter(from - LONGEST_MS[bucket]);
  let currentLocal = Number.NaN;
  for (const span of offsetSpans(earliest, Math.max(to, earliest + 1), offsetAt)) {
    for (let at = span.from; at < span.to; ) {
      const start = localStart(at + span.offsetMs, bucket);
      // A repeated hour has the same local start as the hour before it.
      if (start !== currentLocal || bucket === "hour") starts.push(at);
      currentLocal = start;
      at = localEnd(start, bucket) - span.offsetMs;
    }
  }
  // The first one began before the span that was looked at.
  const first = starts.findLastIndex((start) => start <= from);
  return starts.slice(Math.max(0, first));
}
