import type { FinishReason, JsonValue } from "@babylon/llm-core";
import type { SimulatedProvider } from "../simulated-provider.ts";
import type { WildWay } from "./wild.ts";

/** The ways in which an answer can miss the shape that was asked for. */
export type WrongShapeWay =
  | "missing-elements"
  | "extra-prose"
  | "fences"
  | "length"
  | "duplicate-ids"
  | "wrong-types"
  | "unclosed-think"
  | "trailing-comma"
  | "single-quotes"
  | "wrong-root";

/** All ten, in the order in which a `wrong-shape` fault goes through them. */
export const WRONG_SHAPE_WAYS: readonly WrongShapeWay[] = [
  "missing-elements",
  "extra-prose",
  "fences",
  "length",
  "duplicate-ids",
  "wrong-types",
  "unclosed-think",
  "trailing-comma",
  "single-quotes",
  "wrong-root",
];

/**
 * One way to break, or to script, an answer. Every kind works for streamed and for JSON requests; where JSON has no such thing, the
 * nearest one is meant. `afterParts` counts parts of the answer (text, reasoning, tool call), default 1; a JSON body is cut in half
 * instead, or before its first byte with `afterParts: 0`.
 */
export type Fault =
  /** An HTTP status. Without a body: what the vendor typically says with it. A header set to `null` is left out. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string | null>> | undefined;
    }
  /** Not even headers; ends when the client leaves. */
  | { readonly kind: "hang" }
  /** Headers at once, the first part of the answer (or the body) later. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Silence after some parts; ends when the client leaves. */
  | { readonly kind: "stall"; readonly afterParts?: number | undefined }
  /** A TCP reset: before anything, in the middle of an event or of a JSON body, or between two events. */
  | {
      readonly kind: "reset";
      readonly when: "before-headers" | "mid-body" | "mid-stream";
      readonly afterParts?: number | undefined;
    }
  /** A clean end before the answer is finished. */
  | { readonly kind: "truncate"; readonly afterParts?: number | undefined }
  /** The finish reason is there, `[DONE]` or `message_stop` is not. A JSON answer has no such marker and stays whole. */
  | { readonly kind: "no-done" }
  /** An event, or a body, that is no JSON. */
  | { readonly kind: "malformed"; readonly afterParts?: number | undefined }
  /** Status 200 with a web page. */
  | { readonly kind: "html" }
  /** Status 200 with nothing. */
  | { readonly kind: "empty" }
  /** Status 200 with the vendor's error object as JSON, also where a stream was asked for. */
  | { readonly kind: "error-200"; readonly error?: unknown }
  /** The vendor's error object in the middle of a stream; for JSON as `error-200`. */
  | { readonly kind: "error-event"; readonly afterParts?: number | undefined; readonly error?: unknown }
  /**
   * More and more without an end: the same part again and again, with `of: "line"` one line that does not end; a JSON body, or with a
   * `status` the message of an error, that does not end. Stops when the client leaves, or after `bytes` (default 1 GB, before
   * compression).
   */
  | {
      readonly kind: "flood";
      readonly of?: "parts" | "line" | undefined;
      readonly status?: number | undefined;
      readonly gzip?: boolean | undefined;
      readonly bytes?: number | undefined;
    }
  /** The first half of an answer's text, ended with this reason and the vendor's end marker. */
  | { readonly kind: "gave-up"; readonly reason: string }
  /** A healthy answer in writes of so many bytes. */
  | { readonly kind: "split"; readonly bytes: number }
  /** A healthy answer after reasoning for so long: shown in parts all the while, or silent. OpenAI shows none. */
  | { readonly kind: "reasoning"; readonly ms: number; readonly visible: boolean }
  /** Exactly this answer. What is left out is as in a healthy one. */
  | ({ readonly kind: "answer" } & ScriptedAnswer)
  /** What real servers were seen to do: some of it leaves the answer whole, see `WILD_WAYS`. */
  | { readonly kind: "wild"; readonly way: WildWay }
  /** An answer to a request for JSON that is wrong in one of these ways, each in turn; other answers stay whole. Default: all ten. */
  | { readonly kind: "wrong-shape"; readonly ways?: readonly WrongShapeWay[] | undefined };

/** The kinds of faults. */
export type FaultKind = Fault["kind"];

/** An answer in the words of a test. */
export interface ScriptedAnswer {
  readonly text?: string | undefined;
  /** Sent as the text, in one line. */
  readonly json?: JsonValue | undefined;
  /** `null`: the model does not reason. */
  readonly reasoning?: string | null | undefined;
  /** `arguments`: a string goes out as it is, anything else as JSON. */
  readonly toolCalls?:
    | readonly { readonly id?: string; readonly name: string; readonly arguments: JsonValue }[]
    | undefined;
  readonly refusal?: string | undefined;
  readonly finishReason?: FinishReason | undefined;
  /** The vendor's own word, whatever it is. */
  readonly rawFinishReason?: string | undefined;
  /** `null`: no usage at all. */
  readonly usage?:
    | null
    | {
        readonly inputTokens?: number;
        readonly cachedTokens?: number;
        /** Of the input, like the cached ones. Claude and OpenAI tell. */
        readonly cacheWriteTokens?: number;
        /** The part of `cacheWriteTokens` that is kept for an hour. Claude tells. */
        readonly longCacheWriteTokens?: number;
        readonly outputTokens?: number;
        readonly reasoningTokens?: number;
        /** Claude tells. */
        readonly webSearches?: number;
        /** OpenAI tells. */
        readonly audioInputTokens?: number;
        readonly audioOutputTokens?: number;
      }
    | undefined;
  /** The name under which the model answers. */
  readonly model?: string | undefined;
  /** The tier that served it, in the vendor's word; `null`: it does not say. W&B has none, Groq tells it in JSON alone. */
  readonly serviceTier?: string | null | undefined;
  /** Claude tells. */
  readonly speed?: string | null | undefined;
  /** Claude tells it with the usage, Groq with a header. */
  readonly region?: string | null | undefined;
  /** Of the reply; replace the vendor's. A header set to `null` is left out. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
}

/** Which requests a fault meets. */
export interface FaultScope {
  /** Default: every model of the provider. */
  readonly model?: string | undefined;
  /** The n-th request that the rule looks at, from 1, or a range of them, both ends included. Default: all. */
  readonly nth?: number | { readonly from: number; readonly to?: number | undefined } | undefined;
  /** At most so often. Default: no limit. */
  readonly times?: number | undefined;
  /** 0 to 1, drawn from the simulator's seed. Default 1. */
  readonly probability?: number | undefined;
  /**
   * What a probability is drawn for: each request; each `x-client-request-id`, so that all attempts of one call share their fate; or
   * each prompt, which is the same in every run. Default `request`.
   */
  readonly per?: "request" | "call" | "prompt" | undefined;
  /** Default `chat`. */
  readonly endpoint?: "chat" | "models" | undefined;
}

/** A fault and the requests it meets. Of several rules that meet a request the first one counts. */
export interface FaultRule extends FaultScope {
  readonly provider: SimulatedProvider;
  readonly fault: Fault;
}
