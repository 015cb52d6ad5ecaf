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
      /** Opaque data that the vendor requires back with this call, such as a signature. Replaces that of an earlier part of the call. */
      readonly data?: JsonObject;
      /**
       * On the first part of a call: pieces of it may come after a later call has begun, so it is complete, and shown, with the answer.
       * Default: with the first part of a later call.
       */
      readonly interleaved?: true;
      /** On the last part of a call, where the wire marks it: the call is complete and shown. */
      readonly complete?: true;
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
      /** An answer with neither text nor tool calls is one all the same, such as a turn that was paused. Default false. */
      readonly mayBeEmpty?: boolean;
    };

/** The parts of an answer as they arrive. Read once, by one consumer, sequentially. An async generator fits. */
export type PartStream = AsyncIterable<StreamPart>;

/** A part of a complete answer, in the order of the answer. */
export type AnswerBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string; readonly data?: JsonObject }
  | ({ readonly type: "tool-call" } & ModelResponse["toolCalls"][number]);

/** A complete answer, from a request without streaming. */
export interface ModelResponse {
  /** `reasoning`, `text` and `toolCalls` in their order, where the wire has one. Default: in this order. */
  readonly blocks?: readonly AnswerBlock[];
  readonly text: string;
  /** In order; empty if there is none. */
  readonly reasoning: readonly Pick<ReasoningPart, "text" | "data">[];
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    readonly inputText: string;
    readonly data?: JsonObject;
  }[];
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly usage: Usage;
  readonly responseId: string | null;
  readonly responseModel: string | null;
  /** As in a `finish` part. */
  readonly mayBeEmpty?: boolean;
}
