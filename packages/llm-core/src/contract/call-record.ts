import type { Attempt, AttemptError } from "./attempt.ts";
import type { OnInterrupted } from "./call-options.ts";
import type { Exposure } from "./call-router.ts";
import type { Cost } from "./cost.ts";
import type { JsonValue } from "./json.ts";
import type { Message } from "./message.ts";
import type { FinishReason } from "./model-answer.ts";
import type { ModelRequest, ReasoningEffort, ResponseFormat } from "./provider.ts";
import type { Seam } from "./result.ts";
import type { ToolCall } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** The options that affect the answer, as the caller passed them; absent ones are omitted. */
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

/** Prompts and answers, only with `recordContent: true`. */
export interface RecordedContent {
  readonly messages: readonly Message[];
  /** `null`: the call did not succeed; `partialText` of the error may have a part of the text. */
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly toolCalls: readonly ToolCall[];
  /** The request of each attempt: messages with added instructions and follow-up questions, tools and response format. */
  readonly requests: readonly Pick<ModelRequest, "messages" | "tools" | "toolChoice" | "responseFormat">[];
}

/** One finished call. Every request to a provider is an attempt of exactly one record. */
export interface CallRecord {
  /** The version of this format. */
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
  /** The `unit` of the call's options; `null`: none. */
  readonly unit: Readonly<Record<string, string>> | null;
  readonly metadata: Readonly<Record<string, JsonValue>> | null;
  readonly options: RecordedOptions;
  /** The provider that answered; `null`: none did. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly finishReason: FinishReason | null;
  readonly attempts: readonly Attempt[];
  readonly totalUsage: Usage;
  /** Of all attempts. With an unknown part `nanoUsd` is `null` and the bounds are sums. Present with a pricer. */
  readonly cost?: Cost;
  /** The arms of experiments that the call was assigned to. Present if there are any. */
  readonly experiments?: readonly Exposure[];
  readonly seams: readonly Seam[];
  readonly warnings: readonly string[];
  readonly settingsVersion: number | null;
  readonly content?: RecordedContent;
}

/** Receives the record of each call after the call has settled, so it can neither fail nor delay the call. */
export type Recorder = (record: CallRecord) => void | Promise<void>;
