import type { JsonObject } from "@babylon/llm-core";

/** A tool that an answer may call. */
export interface RequestedTool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** Whether a model reasons, and shows its reasoning. */
export type ReasoningVisibility = "none" | "silent" | "visible";

/** An accepted request in a vendor-neutral form. */
export interface SimulatedRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a streamed answer ends with its usage. */
  readonly streamUsage: boolean;
  /** Whether streamed events are padded (OpenAI). */
  readonly obfuscated: boolean;
  /** All text of the request, for markers and for the seed of the answer. */
  readonly prompt: string;
  /** The text of the last message; empty if it is not from the user. */
  readonly lastUserText: string;
  readonly inputTokens: number;
  readonly maxOutputTokens: number | null;
  readonly stop: readonly string[];
  readonly format: { readonly type: "text" | "json" } | { readonly type: "schema"; readonly schema: JsonObject };
  readonly tools: readonly RequestedTool[];
  readonly toolChoice: "auto" | "none" | "required" | { readonly tool: string };
  readonly parallelToolCalls: boolean;
  readonly reasoning: ReasoningVisibility;
  /** How a long prompt is written to the cache. */
  readonly cacheWrites: CacheWrites;
  /** The stated way of serving. */
  readonly serving: Serving;
}

/** How an answer is served, in the vendor's terms; `null`: the vendor does not state it. */
export interface Serving {
  readonly serviceTier: string | null;
  readonly speed: string | null;
  readonly region: string | null;
}

/** The requested cache writes. `automatic`: the vendor writes without a request. */
export type CacheWrites = "none" | "automatic" | "5m" | "1h";

/** Why an answer ended, in vendor-neutral terms. */
export type AnswerEnd = "stop" | "stop-sequence" | "length" | "tool-calls" | "content-filter";

/** The answer of the simulated model. */
export interface SimulatedAnswer {
  /** Unique within a simulator. */
  readonly id: string;
  /** `null`: the model does not reason. Empty: it reasons silently. */
  readonly reasoning: string | null;
  readonly text: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly refusal: string | null;
  readonly end: AnswerEnd;
  /** The stop sequence that ended it. */
  readonly stopSequence: string | null;
  /** Replaces the vendor's word for `end`. */
  readonly rawEnd: string | null;
  /** `null`: the vendor does not state usage. */
  readonly usage: AnswerUsage | null;
  /** How it was served, as stated in the reply. */
  readonly served: Serving & {
    /** The model that the reply states. */
    readonly model: string;
  };
}

/** The usage of an answer. Cached and written tokens are part of the input, reasoning tokens of the output. */
export interface AnswerUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  /** The part of `cacheWriteTokens` that is kept for an hour. */
  readonly longCacheWriteTokens: number;
  readonly webSearches: number;
  readonly audioInputTokens: number;
  readonly audioOutputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}
