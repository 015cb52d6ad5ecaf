import { QUARTER_MS } from "./quarter.ts";

/** A span of time: epoch milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** A time span as whole quarters, which sums have, and what is left at its ends, which only rows have. */
export interface CutSpan {
  /** Quarters counted from the epoch; `to` is not included. */
  readonly quarters: TimeSpan;
  readonly ends: readonly TimeSpan[];
}

/** Cuts a time span at the first and the last quarter of an hour in it. */
export function cutQuarters({ from, to }: TimeSpan): CutSpan {
  const first = Math.ceil(from / QUARTER_MS);
  const end = Math.floor(to / QUARTER_MS);
  if (first >= end) return { quarters: { from: first, to: first }, ends: from < to ? [{ from, to }] : [] };
  const ends = [
    { from, to: first * QUARTER_MS },
    { from: end * QUARTER_MS, to },
  ].filter((span) => span.from < span.to);
  return { quarters: { from: first, to: end }, ends };
}
