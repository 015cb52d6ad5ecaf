import { splitPeriods, type UsageQuery } from "@babylon/record-store/contract";
import { invalidQuery } from "../http/read-query.ts";
import { DIMENSIONS, type NamesByDimension, type UsageParams } from "./query-schemas.ts";
import { resolveSpan } from "./resolve-span.ts";

const HOUR_MS = 3_600_000;
const MAX_PERIODS = 1_000;
const MAX_ROWS = 50_000;
const DEFAULT_TOP = 20;
/** The shortest possible period, to refuse a long span before its periods are listed. */
const SHORTEST_MS = { hour: HOUR_MS / 2, day: 20 * HOUR_MS, month: 27 * 24 * HOUR_MS, all: Number.POSITIVE_INFINITY };

/** A query, and the periods that it covers. */
export interface PeriodQuery {
  readonly query: UsageQuery;
  /** The start of each period, epoch milliseconds, also of those without calls. */
  readonly periods: readonly number[];
}

/** The dimensions that have names. */
export function filterOf(params: NamesByDimension): NamesByDimension {
  return Object.fromEntries(DIMENSIONS.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])));
}

/** A query to the store from checked parameters. Throws `invalid_query` where the reply would be too large. */
export function toUsageQuery(params: UsageParams, now: number): PeriodQuery {
  const { timeZone = "UTC", bucket = "day", by = [], top = DEFAULT_TOP } = params;
  const { from, to } = resolveSpan(params, now);
  const tooMany = invalidQuery([{ path: "bucket", message: `more than ${MAX_PERIODS} periods: choose a longer one` }]);
  if ((to - from) / SHORTEST_MS[bucket] > 3 * MAX_PERIODS) throw tooMany;
  const periods = splitPeriods(from, to, timeZone, bucket);
  if (periods.length > MAX_PERIODS) throw tooMany;
  if (by.length > 0 && periods.length * (top + 1) > MAX_ROWS) {
    throw invalidQuery([
      { path: "top", message: `more than ${MAX_ROWS} rows: choose fewer groups or a longer bucket` },
    ]);
  }
  const query: UsageQuery = {
    from,
    to,
    timeZone,
    bucket,
    by,
    where: filterOf(params),
    ...(by.length === 0 ? {} : { top }),
  };
  return { query, periods };
}
