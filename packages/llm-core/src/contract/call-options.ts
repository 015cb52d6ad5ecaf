import type { Attempt } from "./attempt.ts";
import type { JsonValue } from "./json.ts";
import type { Message, ProviderOptions } from "./message.ts";
import type { Credentials, ReasoningEffort, ResponseFormat } from "./provider.ts";
import type { SystemSettings } from "./settings.ts";
import type { Tool, ToolChoice } from "./tool.ts";

/** Time limits, milliseconds. `null`: no limit. */
export interface Timeouts {
  /**
   * Until the first part of an answer, while another link is ready; without one the rest of `attemptMs` applies. Default 10 s; 60 s for
   * models that reason without sending parts.
   */
  readonly firstTokenMs?: number | null | undefined;
  /** Between two parts, while the stream is being read. Pings and comments extend it, up to 60 s without a part. Default 10 s. */
  readonly idleMs?: number | null | undefined;
  /** For an attempt without streaming (JSON transport), and for the first part of a stream if no other link is ready. Default 60 s. */
  readonly attemptMs?: number | null | undefined;
  /** For the whole call. Default 300 s. */
  readonly totalMs?: number | null | undefined;
}

/** The entities that a call belongs to, such as a session: ids by kind. A kind is 1 to 64 characters of a-z, A-Z, 0-9, _ and -. */
export interface CallUnit {
  readonly session?: string | undefined;
  readonly [name: string]: string | undefined;
}

/** How a stream continues after an attempt fails and a part of the answer is already committed. */
export type OnInterrupted = "throw" | "restart" | "continue";

/** Options of every call. Give `prompt` or `messages`, not both. */
export interface CallOptions {
  /** One user message. */
  readonly prompt?: string | undefined;
  readonly messages?: readonly Message[] | undefined;
  /** Instructions, before the messages. */
  readonly system?: string | undefined;
  /** 0 to 2. Dropped with a warning if the model does not support it. */
  readonly temperature?: number | undefined;
  /** Above 0, at most 1. Dropped with a warning if the model does not support it. */
  readonly topP?: number | undefined;
  /** A whole number of tokens, at least 1. Lowered with a warning to the model's limit. */
  readonly maxOutputTokens?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  /** By name, `[a-zA-Z0-9_-]{1,64}`. */
  readonly tools?: Readonly<Record<string, Tool>> | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  /** The format of the answer. The object functions set it; a text call seldom needs it. */
  readonly responseFormat?: ResponseFormat | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  /** Each field overrides the client's. */
  readonly timeouts?: Timeouts | undefined;
  /** The time by which the call must end: epoch milliseconds or a Date. The earlier of this and `totalMs` applies. */
  readonly deadline?: number | Date | undefined;
  /** Maximum number of retries on the same link. Default: the client's, 2. */
  readonly maxRetries?: number | undefined;
  /** Higher goes first when calls queue for a provider. Default 0. */
  readonly priority?: number | undefined;
  /** The id of the calling agent; selects its settings. */
  readonly agent?: string | undefined;
  /** The tenant of the call, such as a customer: for the record, prices and budgets. Never sent to a provider. */
  readonly tenant?: string | undefined;
  /** The entities that the call belongs to, such as a session or a user: for the record and experiments. Never sent to a provider. */
  readonly unit?: CallUnit | undefined;
  /** A short label of the call's purpose, for the record. */
  readonly purpose?: string | undefined;
  /** Any JSON values for the record. Never sent to a provider. */
  readonly metadata?: Readonly<Record<string, JsonValue>> | undefined;
  /** `[A-Za-z0-9._:-]{1,128}`. Default: a random UUID. */
  readonly callId?: string | undefined;
  /** Called with each attempt when it ends. Errors that it throws are ignored. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** `auto` streams, and uses JSON where the model cannot stream the requested format. Default `auto`. */
  readonly transport?: "auto" | "stream" | "json" | undefined;
  /** Pins the call to this provider, without fallback. */
  readonly provider?: string | undefined;
  /** Models by provider id. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** Replaces the stored settings for this call. */
  readonly settings?: SystemSettings | undefined;
  /** A tenant's own keys, by provider id. */
  readonly credentials?: Readonly<Record<string, Credentials>> | undefined;
  readonly providerOptions?: ProviderOptions | undefined;
  /** Fall back to the next link after a `content_filter` error. Default false. */
  readonly fallbackOnContentFilter?: boolean | undefined;
  /** Start a second link in parallel when the first is slow. Default: the client's. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Share one answer among identical calls in flight. Default: the client's. */
  readonly coalesce?: boolean | undefined;
}

/** Options of `generateText`. */
export type GenerateTextOptions = CallOptions;

/** Options of `streamText`. */
export interface StreamTextOptions extends CallOptions {
  /**
   * When an attempt fails and a part of the answer is committed: fail with `interrupted`, restart the answer, or continue where the text
   * broke off (and restart where no link can continue). Default `throw`.
   */
  readonly onInterrupted?: OnInterrupted | undefined;
}

/** When a second link is started in parallel to a slow one. */
export interface HedgeOptions {
  /** The delay as a quantile of the link's recent first-token times, 0 to 1. Default 0.95. */
  readonly quantile?: number | undefined;
  /** Minimum delay. Default 100 ms. */
  readonly minDelayMs?: number | undefined;
}
