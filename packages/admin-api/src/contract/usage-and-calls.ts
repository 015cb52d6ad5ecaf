import type { Attempt, CallRecord, Exposure, RecordedContent } from "@babylon/llm-core";
import type { CallSummary, UsageBucket, UsageDimension, UsageRow } from "@babylon/record-store/contract";

/** The reply of `GET …/usage`. */
export interface UsageData {
  /** Epoch milliseconds: calls that started at or after this, and before `to`. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly bucket: UsageBucket;
  readonly by: readonly UsageDimension[];
  /** The start of each period, epoch milliseconds, also of those without calls, which have no rows. */
  readonly periods: readonly number[];
  readonly rows: readonly UsageRow[];
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** A line of a reply with `Accept: application/x-ndjson`, before the last one. */
export interface ProgressLine {
  /** The share of the work that is done, from 0 to 1. */
  readonly progress: number;
}

/** The reply of `GET …/calls`, newest calls first. */
export interface CallsData {
  readonly calls: readonly CallSummary[];
  /** Sent back as `before`; `null`: there are no more. With a search also where the search stopped early. */
  readonly next: string | null;
  /** The number of calls that were read, also those that a search did not match. */
  readonly scanned: number;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** An attempt of a call, without the schema of its answer. */
export type DetailAttempt = Omit<Attempt, "responseFormat" | "schemaDialect">;

/** A call without its content. */
export interface CallDetail extends Omit<CallSummary, "attempts"> {
  readonly attempts: readonly DetailAttempt[];
  readonly unit: CallRecord["unit"];
  readonly metadata: CallRecord["metadata"];
  readonly responseId: string | null;
  readonly finishReason: CallRecord["finishReason"];
  readonly experiments: readonly Pick<
    Exposure,
    "experiment" | "version" | "arm" | "bucket" | "probability" | "served" | "excluded"
  >[];
  readonly seams: CallRecord["seams"];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
}

/** The reply of `GET …/calls/:id`. */
export interface CallData {
  readonly call: CallDetail;
  /** Whether prompts and answers of this call are stored. */
  readonly contentStored: boolean;
  /** Whether the visitor has the permission `content`. */
  readonly mayReadContent: boolean;
  /** Only with `?content=true`. */
  readonly content: RecordedContent | null;
}
