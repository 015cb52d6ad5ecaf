import type { CallRecord } from "@babylon/llm-core";
import type { CallsPlan } from "../usage/plan-calls.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import type { CallsPage } from "./calls-query.ts";
import type { UsageRow } from "./usage-query.ts";

/** What to forget: all calls of a tenant, or one call. */
export type EraseRequest = { readonly tenant: string } | { readonly callId: string };

/** How long data is kept. */
export interface Retention {
  /** Days for which the rows of calls are kept. */
  readonly keepDays: number;
  /** Days for which prompts and answers are kept. */
  readonly keepContentDays: number;
  /** Days for which sums are kept. */
  readonly keepSumsDays: number;
}

/** Packed calls, one per line, and packed contents, one per line. */
export interface RecordBatch {
  readonly lines: string;
  /** Empty: none. */
  readonly contents: string;
}

/** A page of whole calls, newest first. */
export interface RecordsPage {
  /** Each is unpacked when it is asked for, so that few wait in memory. Read once. */
  readonly records: Iterable<CallRecord>;
  /** The cursor of the next page; `null`: this is the last one. */
  readonly next: string | null;
}

/** How a query runs. */
export interface QueryRun {
  /** Receives the share of the work that is done, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Where records are stored. Queries see all batches that were written before. */
export interface RecordEngine {
  /** A path, or a URL without credentials. */
  readonly location: string;
  /** Stores calls that are not stored yet, and adds them to the sums, in one transaction. Rejects if the engine is away. */
  write(batch: RecordBatch): Promise<void>;
  usage(plan: UsagePlan, run: QueryRun): Promise<readonly UsageRow[]>;
  calls(plan: CallsPlan): Promise<CallsPage>;
  /** At most `plan.limit` calls with their content; fewer if that is long. */
  read(plan: CallsPlan): Promise<RecordsPage>;
  /** @param startedAt - the start of the call, by which it is found at once; `null`: not known */
  call(callId: string, startedAt: number | null): Promise<CallRecord | null>;
  /** Returns the number of removed calls. */
  erase(request: EraseRequest): Promise<number>;
  /** Removes what is older than its retention, in small steps. */
  prune(): Promise<void>;
  /** Whether this process is the one that prunes now: no other one has had its turn in the last `forMs`. */
  takeTurn(forMs: number): Promise<boolean>;
  close(): Promise<void>;
}
