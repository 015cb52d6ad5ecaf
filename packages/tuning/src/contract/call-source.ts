import type { CallRecord } from "@babylon/llm-core";

/** The part of a record store that is read: `openRecordStore` of `@babylon/record-store`. */
export interface RecordReader {
  /** All calls with their content. */
  read(): AsyncIterable<CallRecord>;
}

/** Where the calls are from. A store is read from the newest call to the oldest. */
export type CallSource = RecordReader | AsyncIterable<CallRecord> | Iterable<CallRecord>;
