import { invalidInput } from "@babylon/llm-core";
import type { RecordFilter, UsageBucket, UsageDimension, UsageQuery } from "../contract/usage-query.ts";
import { isOfAttempts } from "../sums/add-call.ts";
import { splitPeriods } from "./split-periods.ts";

/** The names that a dimension may have. */
export type NameFilter = ReadonlyMap<UsageDimension, ReadonlySet<string>>;

/** A checked query. */
export interface UsagePlan {
  readonly from: number;
  readonly to: number;
  readonly by: readonly UsageDimension[];
  readonly where: NameFilter;
  readonly top: number | undefined;
  /** The starts of the periods. */
  readonly starts: readonly number[];
  /** Figures are those of attempts: provider or model are grouped or filtered by. */
  readonly ofAttempts: boolean;
  /** The dimension whose sums have the answer; `null`: only rows have it. */
  readonly sumsOf: "all" | UsageDimension | null;
}

const DIMENSIONS: readonly UsageDimension[] = ["provider", "model", "agent", "tenant", "purpose", "outcome"];
const BUCKETS: readonly UsageBucket[] = ["hour", "day", "month", "all"];
const MAX_PERIODS = 20_000;
const HOUR_MS = 3_600_000;

/** The names of a filter, by dimension. Throws `invalid_input` for a dimension that does not exist. */
export function toNameFilter(where: RecordFilter = {}): NameFilter {
  const filter = new Map<UsageDimension, ReadonlySet<string>>();
  for (const [key, names] of Object.entries(where)) {
    const dimension = DIMENSIONS.find((known) => known === key);
    if (dimension === undefined) throw invalidInput(`where.${key}`, `one of ${DIMENSIONS.join(", ")}`);
    if (names !== undefined) filter.set(dimension, new Set(typeof names === "string" ? [names] : names));
  }
  return filter;
}

/** Checks a query. Throws `invalid_input` with the path of the field that is not valid. */
export function planUsage({ from, to, timeZone, bucket, by = [], where, top }: UsageQuery): UsagePlan {
  if (!Number.isFinite(from) || from < 0) throw invalidInput("from", "epoch milliseconds");
  if (!Number.isFinite(to) || to < from) throw invalidInput("to", "epoch milliseconds, not before from");
  if (!BUCKETS.includes(bucket)) throw invalidInput("bucket", `one of ${BUCKETS.join(", ")}`);
  if (bucket === "hour" && (to - from) / HOUR_MS > MAX_PERIODS) throw invalidInput("bucket", "day for so long a time");
  if (top !== undefined && !(Number.isInteger(top) && top > 0)) throw invalidInput("top", "a whole number above 0");
  for (const dimension of by) {
    if (!DIMENSIONS.includes(dimension)) throw invalidInput("by", `some of ${DIMENSIONS.join(", ")}`);
  }
  const filter = toNameFilter(where);
  const dimensions = new Set([...by, ...filter.keys()]);
  const [only = "all"] = dimensions;
  return {
    from,
    to,
    by: [...new Set(by)],
    where: filter,
    top,
    starts: checkedPeriods(from, to, timeZone, bucket),
    ofAttempts: [...dimensions].some(isOfAttempts),
    sumsOf: dimensions.size > 1 ? null : only,
  };
}

function checkedPeriods(from: number, to: number, timeZone: string, bucket: UsageQuery["bucket"]): readonly number[] {
  try {
    return splitPeriods(from, to, timeZone, bucket);
  } catch (error) {
    if (error instanceof RangeError) throw invalidInput("timeZone", "the name of an IANA time zone");
    throw error;
  }
}
