import type { UsageDimension } from "../contract/usage-query.ts";
import { SUM_DIMENSIONS } from "./add-call.ts";

/** The period of stored sums: a quarter of an hour or an hour, counted from the epoch in UTC. */
export type SumsLevel = "quarter" | "hour";

const LEVEL_OFFSET = { quarter: 0, hour: 2 ** 36 } as const;
const DIMENSION_OFFSET = 2 ** 40;

/** The key of stored sums: ascending by dimension, level and time, so that a range of times is a range of keys. */
export function sumsKey(dimension: "all" | UsageDimension, level: SumsLevel, period: number): number {
  return SUM_DIMENSIONS.indexOf(dimension) * DIMENSION_OFFSET + LEVEL_OFFSET[level] + period;
}

/** The period of a key of one level. */
export const periodOfKey = (key: number, level: SumsLevel): number => (key % DIMENSION_OFFSET) - LEVEL_OFFSET[level];
