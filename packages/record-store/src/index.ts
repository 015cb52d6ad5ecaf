export type { CallSummary, CallsPage, CallsQuery, ReadQuery } from "./contract/calls-query.ts";
export type { EraseRequest, Retention } from "./contract/record-engine.ts";
export type { RecordStore, RecordStoreOptions } from "./contract/record-store.ts";
export type {
  Percentiles,
  RecordFilter,
  UsageBucket,
  UsageDimension,
  UsageQuery,
  UsageRow,
} from "./contract/usage-query.ts";
export { openRecordStore } from "./open-record-store.ts";
