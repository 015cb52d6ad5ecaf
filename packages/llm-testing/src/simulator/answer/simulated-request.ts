import type { JsonObject } from "@babylon/llm-core";

/** A tool that an answer may call. */
export interface RequestedTool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** How much a model shows of its reasoning. */
export type ReasoningVisibility = "none" | "silent" | "visible";

/** What a request that its vendor accepts asks for, in no vendor's words. */
export interface SimulatedRequest {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a streamed answer ends with its usage. */
  readonly streamUsage: boolean;
  /** Whether streamed events are padded (OpenAI). */
  readonly obfuscated: boolean;
  /** All text of the request, for markers and for the seed of the answer. */
  readonly prompt: string;
  /** The text of the last message; empty when it is not the user's own words. */
  readonly lastUserText: string;
  readonly inputTokens: number;
  readonly maxOutputTokens: number | null;
  readonly stop: readonly string[];
  readonly format: { readonly type: "text" | "json" } | { readonly type: "schema"; readonly schema: JsonObject };
  readonly tools: readonly RequestedTool[];
  readonly toolChoice: "auto" | "none" | "required" | { readonly tool: string };
  readonly parallelToolCalls: boolean;
  readonly reasoning: ReasoningVisibility;
  /** What of a long prompt is to be kept in a cache, and for how long. */
  readonly cacheWrites: CacheWrites;
  /** How it is going to be served, as the vendor will say. */
  readonly serving: Serving;
}

/** How an answer is served, in the vendor's words; `null`: the vendor does not say. */
export interface Serving {
  readonly serviceTier: string | null;
  readonly speed: string | null;
  readonly region: string | null;
}

/** `automatic`: the vendor writes without being asked. */
export type CacheWrites = "none" | "automatic" | "5m" | "1h";

/** Why an answer ended, in no vendor's words. */
export type AnswerEnd = "stop" | "stop-sequence" | "length" | "tool-calls" | "content-filter";

/** What the simulated model answers. */
export interface SimulatedAnswer {
  /** Unique in the life of a simulator. */
  readonly id: string;
  /** `null`: the model does not reason. Empty: it reasons and does not show it. */
  readonly reasoning: string | null;
  readonly text: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly refusal: string | null;
  readonly end: AnswerEnd;
  /** Which of the asked sequences ended it. */
  readonly stopSequence: string | null;
  /** The vendor's word to use instead of the one for `end`. */
  readonly rawEnd: string | null;
  /** `null`: the vendor does not tell. */
  readonly usage: AnswerUsage | null;
  /** How it says that it was served. */
  readonly served: Serving & {
    /** The model that the answer names. */
    readonly model: string;
  };
}

/** Tokens of an answer; the cached and the written ones are part of the input, the reasoning ones of the output. */
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
