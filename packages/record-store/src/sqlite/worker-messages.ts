import type { CallRecord } from "@babylon/llm-core";
import type { CallsPage } from "../contract/calls-query.ts";
import type { EraseRequest, RecordBatch, Retention } from "../contract/record-engine.ts";
import type { UsageRow } from "../contract/usage-query.ts";
import type { CallsPlan } from "../usage/plan-calls.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";

/** `workerData` of the worker. */
export interface WorkerSetup {
  readonly file: string | null;
  readonly readOnly: boolean;
  readonly at: string;
  readonly retention: Retention;
}

/** A page of whole calls as bytes, which are handed over and not copied, and lie outside of the heaps of both threads. */
export interface PackedPage {
  /** Lines of UTF-8: a packed call and then its content as JSON, empty if it has none, for each call. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The cursor of the next page; `null`: this is the last one. */
  readonly next: string | null;
}

/** A request to the worker. */
export type WorkerRequest =
  | { readonly do: "write"; readonly batch: RecordBatch }
  | { readonly do: "usage"; readonly plan: UsagePlan }
  | { readonly do: "calls"; readonly plan: CallsPlan }
  | { readonly do: "read"; readonly plan: CallsPlan }
  | { readonly do: "call"; readonly callId: string; readonly startedAt: number | null }
  | { readonly do: "erase"; readonly request: EraseRequest }
  | { readonly do: "prune" }
  | { readonly do: "takeTurn"; readonly forMs: number }
  | { readonly do: "close" };

/** The results of requests. */
export interface WorkerResults {
  readonly write: undefined;
  readonly usage: readonly UsageRow[];
  readonly calls: CallsPage;
  readonly read: PackedPage;
  readonly call: CallRecord | null;
  readonly erase: number;
  readonly prune: undefined;
  readonly takeTurn: boolean;
  readonly close: undefined;
}

/** A message to the worker. */
export type ToWorker =
  | { readonly id: number; readonly request: WorkerRequest }
  | { readonly id: number; readonly cancel: true };

/** An error that crosses threads, which keep the class of no error of ours. */
export interface SentError {
  readonly message: string;
  readonly code: "unavailable" | "corrupt" | "invalid" | "aborted" | "other";
  readonly retryable: boolean;
}

/** A message of the worker. */
export type FromWorker =
  | { readonly opened: true; readonly location: string }
  | { readonly failed: SentError }
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError };
