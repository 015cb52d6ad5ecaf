import type { UsageDimension } from "../contract/usage-query.ts";
import { SUM_DIMENSIONS } from "./add-call.ts";

/** The period of stored sums: a quarter of an hour, an hour or six hours, counted from the epoch in UTC. */
export type SumsLevel = "quarter" | "hour" | "block";

/** All levels, the finest first. */
export const SUMS_LEVELS: readonly SumsLevel[] = ["quarter", "hour", "block"];

/** Quarters in a period of each level. */
export const QUARTERS_OF: Readonly<Record<SumsLevel, number>> = { quarter: 1, hour: 4, block: 24 };

const LEVEL_OFFSET: Readonly<Record<SumsLevel, number>> = { quarter: 0, hour: 2 ** 36, block: 2 ** 37 };
const DIMENSION_OFFSET = 2 ** 40;

/** The key of stored sums: ascending by dimension, level and time, so that a range of times is a range of keys. */
export function sumsKey(dimension: "all" | UsageDimension, level: SumsLevel, period: number): number {
  return SUM_DIMENSIONS.indexOf(dimension) * DIMENSION_OFFSET + LEVEL_OFFSET[level] + period;
}

/** The period of a key of one level. */
export const periodOfKey = (key: number, level: SumsLevel): number => (key % DIMENSION_OFFSET) - LEVEL_OFFSET[level];
