import type { Attempt, AttemptError } from "./attempt.ts";
import type { OnInterrupted } from "./call-options.ts";
import type { Assignment } from "./call-router.ts";
import type { Cost } from "./cost.ts";
import type { JsonValue } from "./json.ts";
import type { Message } from "./message.ts";
import type { FinishReason } from "./model-answer.ts";
import type { ModelRequest, ReasoningEffort, ResponseFormat } from "./provider.ts";
import type { Seam } from "./result.ts";
import type { ToolCall } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** The options that shape an answer, as the caller gave them; absent ones are left out. */
export interface RecordedOptions {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly reasoningEffort?: ReasoningEffort;
  readonly tools?: readonly string[];
  readonly responseFormat?: ResponseFormat;
  readonly transport?: "auto" | "stream" | "json";
  readonly onInterrupted?: OnInterrupted;
  readonly provider?: string;
  readonly models?: Readonly<Record<string, string>>;
}

/** What was said, with `recordContent: true` only. */
export interface RecordedContent {
  readonly messages: readonly Message[];
  /** `null` when the call did not succeed; then `partialText` of the error may hold a piece. */
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** What each attempt asked: the messages with instructions and questions that were added, the tools and the form of answer. */
  readonly requests: readonly Pick<ModelRequest, "messages" | "tools" | "toolChoice" | "responseFormat">[];
}

/** One finished call. The requests that providers saw are exactly the attempts of all records. */
export interface CallRecord {
  /** The version of this shape. */
  readonly v: 1;
  readonly callId: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly firstTokenMs: number | null;
  readonly outcome: "success" | "failed" | "aborted" | "interrupted";
  /** Present when `outcome` is not `success`. */
  readonly error?: AttemptError;
  readonly agent: string | null;
  readonly purpose: string | null;
  readonly tenant: string | null;
  /** What the call belongs to, as its options said; `null`: they did not. */
  readonly unit: Readonly<Record<string, string>> | null;
  readonly metadata: Readonly<Record<string, JsonValue>> | null;
  readonly options: RecordedOptions;
  /** Who answered; `null` when nobody did. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly finishReason: FinishReason | null;
  readonly attempts: readonly Attempt[];
  readonly totalUsage: Usage;
  /** Of all attempts; with an unknown part `nanoUsd` is `null` and the bounds are sums. Present with a pricer. */
  readonly cost?: Cost;
  /** The arms of experiments that the call was planned with. Present where a router assigned some. */
  readonly experiments?: readonly Assignment[];
  readonly seams: readonly Seam[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  readonly content?: RecordedContent;
}

/** Receives the record of each call, after the call has settled. It can neither fail nor slow a call. */
export type Recorder = (record: CallRecord) => void | Promise<void>;
