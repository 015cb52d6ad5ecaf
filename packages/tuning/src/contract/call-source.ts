import type { CallRecord } from "@babylon/llm-core";

/** The part of a record store that is read: `openRecordStore` of `@babylon/record-store` with content. */
export interface RecordReader {
  /** A page of the log. */
  calls(query: { readonly limit: number; readonly before?: string | undefined }): Promise<{
    readonly calls: readonly { readonly callId: string; readonly startedAt: number }[];
    readonly next: string | null;
  }>;
  /** One call with its content, found by its start as well; `null`: there is none. */
  call(callId: string, startedAt: number): Promise<CallRecord | null>;
}

/** Where the calls are from. A store is read from the newest call to the oldest. */
export type CallSource = RecordReader | AsyncIterable<CallRecord> | Iterable<CallRecord>;
