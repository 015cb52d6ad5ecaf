import type { JsonObject } from "./json.ts";
import type { ReasoningPart } from "./message.ts";
import type { Usage } from "./usage.ts";

/** Why a model stopped, normalized over all vendors. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/**
 * A part of a streamed answer. A `usage` part replaces the previous one. The last part is `finish`: an answer whose stream ends without
 * it is truncated. There is no error part: adapters throw.
 *
 * Parts of type text, reasoning and tool-call count for the time limits (first token, idle); `usage` and `finish` do not.
 */
export type StreamPart =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "reasoning";
      readonly text: string;
      /** Opaque data that the vendor requires when the block is returned, such as a signature. It closes the reasoning block. */
      readonly data?: JsonObject;
    }
  | {
      readonly type: "tool-call";
      /** The index of the tool call in the answer, from 0. */
      readonly index: number;
      /** Only on the first part of a tool call. */
      readonly id?: string;
      /** Only on the first part of a tool call. */
      readonly name?: string;
      /** The next piece of the arguments, JSON text. */
      readonly inputText: string;
    }
  | { readonly type: "usage"; readonly usage: Usage }
  | {
      readonly type: "finish";
      readonly finishReason: FinishReason;
      /** The finish reason as the vendor names it. */
      readonly rawFinishReason: string | null;
      readonly responseId: string | null;
      /** The model as the vendor reported it; `null`: not reported. */
      readonly responseModel: string | null;
    };

/** The parts of an answer as they arrive. Read once, by one consumer, sequentially. An async generator fits. */
export type PartStream = AsyncIterable<StreamPart>;

/** A complete answer, from a request without streaming. */
export interface ModelResponse {
  readonly text: string;
  /** In order; empty if there is none. */
  readonly reasoning: readonly Pick<ReasoningPart, "text" | "data">[];
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly inputText: string }[];
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly usage: Usage;
  readonly responseId: string | null;
  readonly responseModel: string | null;
}
