/** Entry `@babylon/record-store/contract`: the types of queries and results, the periods of a query, and usage as CSV. Portable. */
export type { CallSummary, CallsPage, CallsQuery, ReadQuery } from "./contract/calls-query.ts";
export type {
  Percentiles,
  RecordFilter,
  UsageBucket,
  UsageDimension,
  UsageQuery,
  UsageRow,
} from "./contract/usage-query.ts";
export { splitPeriods } from "./usage/split-periods.ts";
export { startOfDate } from "./usage/start-of-date.ts";
export { toUsageCsv, type UsageSheet } from "./usage/to-usage-csv.ts";
