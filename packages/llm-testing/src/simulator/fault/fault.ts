import type { FinishReason, JsonValue } from "@babylon/llm-core";
import type { SimulatedProvider } from "../simulated-provider.ts";
import type { WildWay } from "./wild-ways.ts";

/** The ways in which an answer can violate the requested shape. */
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

/** All ten, in the order of a `wrong-shape` fault. */
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
 * A broken or scripted answer. Every kind works for streamed and for JSON requests; where JSON has no equivalent, the closest one is used.
 * `afterParts` counts parts of the answer (text, reasoning, tool call), default 1; a JSON body is cut in half instead, or before its first
 * byte with `afterParts: 0`.
 */
export type Fault =
  /** An HTTP status, by default with the vendor's typical body. A header set to `null` is omitted. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string | null>> | undefined;
    }
  /** No reply, not even headers, until the client disconnects. */
  | { readonly kind: "hang" }
  /** Headers immediately, the first part of the answer (or the body) later. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Silence after some parts, until the client disconnects. */
  | { readonly kind: "stall"; readonly afterParts?: number | undefined }
  /** A TCP reset: before the reply, inside an event or a JSON body, or between two events. */
  | {
      readonly kind: "reset";
      readonly when: "before-headers" | "mid-body" | "mid-stream";
      readonly afterParts?: number | undefined;
    }
  /** A clean end before the answer is finished. */
  | { readonly kind: "truncate"; readonly afterParts?: number | undefined }
  /** The finish reason without `[DONE]` or `message_stop`. A JSON answer has no such marker and stays whole. */
  | { readonly kind: "no-done" }
  /** An event, or a body, that is not JSON. */
  | { readonly kind: "malformed"; readonly afterParts?: number | undefined }
  /** Status 200 with an HTML page. */
  | { readonly kind: "html" }
  /** Status 200 with an empty body. */
  | { readonly kind: "empty" }
  /** Status 200 with the vendor's error object as JSON, also for a streaming request. */
  | { readonly kind: "error-200"; readonly error?: unknown }
  /** The vendor's error object in the middle of a stream; for JSON as `error-200`. */
  | { readonly kind: "error-event"; readonly afterParts?: number | undefined; readonly error?: unknown }
  /**
   * An endless reply: one part repeatedly, or with `of: "line"` one endless line; for JSON an endless body, or with a `status` an endless error
   * message. Stops when the client disconnects, or after `bytes` (default 1 GB, before compression).
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
  /** A successful answer in writes of so many bytes. */
  | { readonly kind: "split"; readonly bytes: number }
  /** A successful answer after reasoning for so long, visible or silent. OpenAI never shows reasoning. */
  | { readonly kind: "reasoning"; readonly ms: number; readonly visible: boolean }
  /** Exactly this answer. Omitted fields are as in a successful answer. */
  | ({ readonly kind: "answer" } & ScriptedAnswer)
  /** Observed behavior of real servers. Some of it leaves the answer whole: see `WILD_WAYS`. Some exists on one wire only: see `wildWaysOf`. */
  | { readonly kind: "wild"; readonly way: WildWay }
  /** A JSON answer that is wrong in one of these ways, in turn; other answers are unchanged. Default: all ten. */
  | { readonly kind: "wrong-shape"; readonly ways?: readonly WrongShapeWay[] | undefined };

/** The kinds of faults. */
export type FaultKind = Fault["kind"];

/** An answer that a test scripts. */
export interface ScriptedAnswer {
  readonly text?: string | undefined;
  /** Sent as the text, in one line. */
  readonly json?: JsonValue | undefined;
  /** `null`: the model does not reason. */
  readonly reasoning?: string | null | undefined;
  /** `arguments`: a string is sent unchanged, anything else as JSON. */
  readonly toolCalls?:
    | readonly { readonly id?: string; readonly name: string; readonly arguments: JsonValue }[]
    | undefined;
  readonly refusal?: string | undefined;
  readonly finishReason?: FinishReason | undefined;
  /** The finish reason on the wire. */
  readonly rawFinishReason?: string | undefined;
  /** `null`: no usage. */
  readonly usage?:
    | null
    | {
        readonly inputTokens?: number;
        readonly cachedTokens?: number;
        /** Part of the input, like cached tokens. Claude and OpenAI only. */
        readonly cacheWriteTokens?: number;
        /** The part of `cacheWriteTokens` that is kept for an hour. Claude only. */
        readonly longCacheWriteTokens?: number;
        readonly outputTokens?: number;
        readonly reasoningTokens?: number;
        /** Claude only. */
        readonly webSearches?: number;
        /** OpenAI only. */
        readonly audioInputTokens?: number;
        readonly audioOutputTokens?: number;
      }
    | undefined;
  /** The model that the reply states. */
  readonly model?: string | undefined;
  /** The service tier in the vendor's terms; `null`: not stated. W&B never states one, Groq only in JSON replies. */
  readonly serviceTier?: string | null | undefined;
  /** Claude only. */
  readonly speed?: string | null | undefined;
  /** Claude states it with the usage, Groq in a header. */
  readonly region?: string | null | undefined;
  /** Headers of the reply, which override the vendor's. A header set to `null` is omitted. */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
}

/** The requests to which a fault applies. */
export interface FaultScope {
  /** Default: every model of the provider. */
  readonly model?: string | undefined;
  /** The n-th request in the rule's scope, from 1, or an inclusive range. Default: all. */
  readonly nth?: number | { readonly from: number; readonly to?: number | undefined } | undefined;
  /** Maximum number of times. Default: unlimited. */
  readonly times?: number | undefined;
  /** 0 to 1, drawn from the simulator's seed. Default 1. */
  readonly probability?: number | undefined;
  /**
   * The unit of the probability: each request; each `x-client-request-id`, so that all attempts of one call have the same result; or each
   * prompt, which is the same in every run. Default `request`.
   */
  readonly per?: "request" | "call" | "prompt" | undefined;
  /** Default `chat`. */
  readonly endpoint?: "chat" | "models" | undefined;
}

/** A fault and the requests to which it applies. If several rules match a request, the first one applies. */
export interface FaultRule extends FaultScope {
  readonly provider: SimulatedProvider;
  readonly fault: Fault;
}
