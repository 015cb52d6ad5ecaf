import type { JsonObject } from "./json.ts";
import type { ReasoningPart } from "./message.ts";
import type { Usage } from "./usage.ts";

/** Why a model stopped, in one vocabulary. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/**
 * What a stream yields. A `usage` part replaces the earlier one. The last part is `finish`: an iterator that ends without it is a
 * truncated answer. Adapters throw; there is no error part.
 *
 * Parts of type text, reasoning and tool-call are signs of life for the time limits; `usage` and `finish` are not.
 */
export type StreamPart =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "reasoning";
      readonly text: string;
      /** What the vendor needs to get this block back, such as a signature. It closes the current reasoning block. */
      readonly data?: JsonObject;
    }
  | {
      readonly type: "tool-call";
      /** Which call of the answer this belongs to, from 0. */
      readonly index: number;
      /** On the first part of a call. */
      readonly id?: string;
      /** On the first part of a call. */
      readonly name?: string;
      /** The next piece of the arguments, JSON text. */
      readonly inputText: string;
    }
  | { readonly type: "usage"; readonly usage: Usage }
  | {
      readonly type: "finish";
      readonly finishReason: FinishReason;
      /** The vendor's own word. */
      readonly rawFinishReason: string | null;
      readonly responseId: string | null;
      /** The model the vendor says it used; `null` when it does not say. */
      readonly responseModel: string | null;
    };

/** The parts of an answer as they arrive, for one reader, one part at a time. An async generator will do. */
export type PartStream = AsyncIterable<StreamPart>;

/** A whole answer, from a request without streaming. */
export interface ModelResponse {
  readonly text: string;
  /** In order; empty when there is none. */
  readonly reasoning: readonly Pick<ReasoningPart, "text" | "data">[];
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly inputText: string }[];
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly usage: Usage;
  readonly responseId: string | null;
  readonly responseModel: string | null;
}
