import type { Attempt } from "./attempt.ts";
import type { JsonValue } from "./json.ts";
import type { Message, ProviderOptions } from "./message.ts";
import type { Credentials, ReasoningEffort, ResponseFormat } from "./provider.ts";
import type { SystemSettings } from "./settings.ts";
import type { Tool, ToolChoice } from "./tool.ts";

/** Limits of time, milliseconds. `null`: no limit. */
export interface Timeouts {
  /**
   * Until the first part of an answer, while another link is ready; without one it may take what is left of `attemptMs`. Default 10 s;
   * 60 s for models that reason silently.
   */
  readonly firstTokenMs?: number | null | undefined;
  /** Between parts, while somebody reads. Pings and comments prove life for as long, up to 60 s without a part. Default 10 s. */
  readonly idleMs?: number | null | undefined;
  /** For an answer by JSON, and for the first part of a stream when there is no other link to move on to. Default 60 s. */
  readonly attemptMs?: number | null | undefined;
  /** For the whole call. Default 300 s. */
  readonly totalMs?: number | null | undefined;
}

/** What a call belongs to: ids by kind, whose names are 1 to 64 characters of a-z, A-Z, 0-9, _ and -. */
export interface CallUnit {
  readonly session?: string | undefined;
  readonly [name: string]: string | undefined;
}

/** What a call does when it fails after text has been shown. */
export type OnInterrupted = "throw" | "restart" | "continue";

/** Options of every call. Give `prompt` or `messages`, not both. */
export interface CallOptions {
  /** One user message. */
  readonly prompt?: string | undefined;
  readonly messages?: readonly Message[] | undefined;
  /** Instructions, before the messages. */
  readonly system?: string | undefined;
  /** 0 to 2. Dropped with a warning where the model takes none. */
  readonly temperature?: number | undefined;
  /** Above 0, at most 1. Dropped with a warning where the model takes none. */
  readonly topP?: number | undefined;
  /** A whole number of tokens, at least 1. Lowered with a warning to what the model can. */
  readonly maxOutputTokens?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  /** By name, `[a-zA-Z0-9_-]{1,64}`. */
  readonly tools?: Readonly<Record<string, Tool>> | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
  /** The form of the answer. The object functions set it; a text call seldom needs it. */
  readonly responseFormat?: ResponseFormat | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  /** Each field replaces the client's. */
  readonly timeouts?: Timeouts | undefined;
  /** The moment by which the call must be over: epoch milliseconds or a Date. The earlier of this and `totalMs` counts. */
  readonly deadline?: number | Date | undefined;
  /** More calls to the same link after the first one, at the most. Default: the client's, 2. */
  readonly maxRetries?: number | undefined;
  /** Higher goes first when calls queue for a provider. Default 0. */
  readonly priority?: number | undefined;
  /** The id of the agent that calls; picks its settings. */
  readonly agent?: string | undefined;
  /** Who the call is made for, such as a customer: for the record, for prices and budgets. Never sent. */
  readonly tenant?: string | undefined;
  /** What the call belongs to, such as a session or a user, by kind: for the record and for experiments. Never sent. */
  readonly unit?: CallUnit | undefined;
  /** What the call is for, as a short word for the record. */
  readonly purpose?: string | undefined;
  /** Anything that belongs into the record. Never sent. */
  readonly metadata?: Readonly<Record<string, JsonValue>> | undefined;
  /** `[A-Za-z0-9._:-]{1,128}`. Default: a random UUID. */
  readonly callId?: string | undefined;
  /** Told of each attempt when it ends. One that throws is ignored. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** `auto` streams, and uses JSON where the model must. Default `auto`. */
  readonly transport?: "auto" | "stream" | "json" | undefined;
  /** This provider or an error. */
  readonly provider?: string | undefined;
  /** A model by provider id. */
  readonly models?: Readonly<Record<string, string>> | undefined;
  /** Used instead of the stored settings, for this call. */
  readonly settings?: SystemSettings | undefined;
  /** A tenant's own keys, by provider id. */
  readonly credentials?: Readonly<Record<string, Credentials>> | undefined;
  readonly providerOptions?: ProviderOptions | undefined;
  /** Go on with the next link after a `content_filter`. Default false. */
  readonly fallbackOnContentFilter?: boolean | undefined;
  /** Go on with a second link when the first is slow. Default: the client's. */
  readonly hedge?: HedgeOptions | boolean | undefined;
  /** Share one answer with identical calls in flight. Default: the client's. */
  readonly coalesce?: boolean | undefined;
}

/** Options of `generateText`. */
export type GenerateTextOptions = CallOptions;

/** Options of `streamText`. */
export interface StreamTextOptions extends CallOptions {
  /**
   * After something was shown: fail with `interrupted`, start again, or go on where the text broke off, and start again where no link
   * can. Default `throw`.
   */
  readonly onInterrupted?: OnInterrupted | undefined;
}

/** When a second link is started beside a slow one. */
export interface HedgeOptions {
  /** The quantile of the link's own recent first-token times to wait for, 0 to 1. Default 0.95. */
  readonly quantile?: number | undefined;
  /** Never sooner than this. Default 100 ms. */
  readonly minDelayMs?: number | undefined;
}
