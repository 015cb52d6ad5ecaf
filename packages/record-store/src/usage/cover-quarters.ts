import { QUARTERS_OF, SUMS_LEVELS, type SumsLevel } from "../sums/sums-key.ts";
import type { TimeSpan } from "./cut-quarters.ts";
import { QUARTER_MS } from "./quarter.ts";
import type { UsageTable } from "./usage-table.ts";

/** A stored value, and the period of the answer that it is part of. */
export interface PeriodPart<T> {
  readonly period: number;
  readonly value: T;
}

/**
 * Chooses the longest stored periods that are within one period of the answer.
 *
 * @param read - the stored periods of a level from one to another, which is not included, with their values
 */
export function coverQuarters<T>(
  quarters: TimeSpan,
  table: Pick<UsageTable, "periodOf">,
  read: (level: SumsLevel, from: number, to: number) => Iterable<readonly [period: number, value: T]>,
): readonly PeriodPart<T>[] {
  const parts: PeriodPart<T>[] = [];
  const isRead = new Uint8Array(quarters.to - quarters.from);
  for (const level of SUMS_LEVELS.toReversed()) {
    const length = QUARTERS_OF[level];
    for (const span of gapsIn(isRead, quarters.from)) {
      for (const [stored, value] of read(level, Math.ceil(span.from / length), Math.floor(span.to / length))) {
        const first = stored * length;
        const period = table.periodOf(first * QUARTER_MS);
        // Six hours may be in two days, and in Kathmandu, whose days begin at a quarter past, one hour may be.
        if (table.periodOf((first + length) * QUARTER_MS - 1) !== period) continue;
        parts.push({ period, value });
        isRead.fill(1, first - quarters.from, first - quarters.from + length);
      }
    }
  }
  return parts;
}

/**
 * The spans of quarters that have not been read.
 *
 * @param isRead - 1 for each quarter that was, from the first on
 */
export function gapsIn(isRead: Uint8Array, first: number): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (let at = isRead.indexOf(0); at !== -1; ) {
    const end = isRead.indexOf(1, at);
    spans.push({ from: first + at, to: first + (end === -1 ? isRead.length : end) });
    at = end === -1 ? -1 : isRead.indexOf(0, end);
  }
  return spans;
}
