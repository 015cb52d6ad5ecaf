import type { Clock } from "./clock.ts";
import type { Env } from "./env.ts";
import type { JsonObject } from "./json.ts";
import type { Message, ProviderOptions } from "./message.ts";
import type { ModelResponse, PartStream } from "./model-answer.ts";
import type { Tool, ToolChoice } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** What a provider serves, as far as it says. */
export interface ModelInfo {
  /** The id exactly as the vendor takes it. May contain `/` and `:`. */
  readonly id: string;
  /** A name for people; the id where there is none. */
  readonly name: string;
  readonly description: string | null;
  /** Whether the provider's maintainers suggest it as a choice. */
  readonly recommended: boolean;
  /** Longest prompt and answer together, tokens. */
  readonly contextTokens: number | null;
  /** Longest answer, tokens. */
  readonly maxOutputTokens: number | null;
  /** When the vendor stops serving it (`YYYY-MM-DD`), where that is announced. */
  readonly retiresAt: string | null;
}

/** A model id that is served no more, or not for long. */
export interface RetiredModel {
  /** `YYYY-MM-DD`; a date to come means that it is still accepted. `null`: gone, date unknown. */
  readonly retiredAt: string | null;
  /** The id to use instead. */
  readonly replacement: string;
}

/**
 * How a model can be asked for JSON of a schema:
 * `strict` (held to the schema, all fields required), `loose` (schema given, not enforced), `json-mode` (any JSON),
 * `tool` (as a forced tool call), `prompt` (by instruction alone).
 */
export type SchemaDialect = "strict" | "loose" | "json-mode" | "tool" | "prompt";

/** The effort levels of the vendors' scales, lowest first. */
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What a model takes and how it behaves. Unknown models get the adapter's most permissive guess about options, and `null` limits. */
export interface ModelCapabilities {
  readonly images: boolean;
  readonly files: boolean;
  readonly tools: boolean;
  /** Whether a tool call can be forced (`required`, or a named tool). */
  readonly forcedToolChoice: boolean;
  /** Dialects the model takes, best first. Never empty: `prompt` always works. */
  readonly schema: readonly SchemaDialect[];
  /**
   * Constraints that a `strict` schema may carry, such as `minimum` or `minItems`; the others become words of the description.
   * Default: none, which every vendor takes.
   */
  readonly strictKeywords?: readonly string[];
  /** Whether a schema may be asked for together with streaming. `false` makes `transport: "auto"` use JSON. */
  readonly schemaWithStreaming: boolean;
  /** Whether a schema may be asked for together with tools. */
  readonly schemaWithTools: boolean;
  /** `temperature` and `topP`. */
  readonly sampling: boolean;
  readonly seed: boolean;
  readonly stopSequences: boolean;
  /** The levels `reasoningEffort` may have; empty: the option is not taken. */
  readonly reasoningEffort: readonly ReasoningEffort[];
  /** The model may reason for long without sending a part: the default first-token limit is 60 s instead of 10 s. */
  readonly silentReasoning: boolean;
  /** Whether the conversation may end with an assistant message that the model continues. */
  readonly assistantPrefill: boolean;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
}

/** The answer's form, where it is not free text. */
export type ResponseFormat =
  | { readonly type: "json" }
  | {
      readonly type: "json-schema";
      /** `[a-zA-Z0-9_-]{1,64}` */
      readonly name: string;
      readonly schema: JsonObject;
      readonly strict: boolean;
    };

/**
 * One request to one link, already fitted to the model: options that it does not take have been dropped by core.
 * Absent fields are not sent.
 */
export interface ModelRequest {
  readonly model: string;
  /** Never empty. System messages may stand anywhere; reasoning of other links has been taken out. */
  readonly messages: readonly Message[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly tools?: Readonly<Record<string, Tool>>;
  readonly toolChoice?: ToolChoice;
  readonly reasoningEffort?: ReasoningEffort;
  readonly responseFormat?: ResponseFormat;
  /** This provider's own entry of the call's `providerOptions`. */
  readonly providerOptions?: ProviderOptions[string];
}

/** A tenant's own access to a provider, given with a call. */
export interface Credentials {
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
}

/** One budget of a rate limit, as a provider reported it with an answer. */
export interface RateLimitBudget {
  readonly kind: "requests" | "tokens" | "input-tokens" | "output-tokens";
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Milliseconds from the answer until the budget is whole again. */
  readonly resetMs: number | null;
}

/** What the head of a reply tells. */
export interface ResponseHead {
  readonly status: number;
  readonly requestId: string | null;
  readonly rateLimits: readonly RateLimitBudget[];
}

/**
 * What an adapter learns of its attempt while it is under way, for the record; `null`: the vendor does not say. Each report adds to the
 * earlier ones and replaces what it names again.
 */
export interface AttemptReport {
  /** Origin and path of the base URL, without its query and without secrets. */
  readonly endpoint?: string | null;
  /**
   * `false`: nothing has been written to a connection so far; `true`: from now on something may have been. Without a report the request
   * is taken to leave as soon as the adapter is asked.
   */
  readonly sent?: boolean;
  /** As in a `finish` part, as soon as it is known: an answer that breaks off has no finish. */
  readonly responseId?: string | null;
  readonly responseModel?: string | null;
  readonly serviceTier?: string | null;
  readonly speed?: string | null;
  readonly region?: string | null;
  /** Of a whole answer that is an error all the same. Others tell theirs with the answer. */
  readonly usage?: Usage;
}

/** How much of one response an adapter reads when its context says nothing else, bytes after decompression. */
export const DEFAULT_MAX_RESPONSE_BYTES: number = 64 * 1024 * 1024;

/** What an adapter gets for any request. */
export interface RequestContext {
  /** Aborts the request; the socket must close at once. */
  readonly signal: AbortSignal;
  /** The environment, read at this call. */
  readonly env: Env;
  readonly clock: Clock;
  /** Used instead of the factory's and the environment's, when present. */
  readonly credentials: Credentials | null;
  /**
   * How much of the response may be read, bytes after decompression. With more, the adapter closes the socket and throws
   * `invalid_response`, not retryable. Default {@link DEFAULT_MAX_RESPONSE_BYTES}.
   */
  readonly maxResponseBytes?: number | undefined;
}

/** What an adapter gets beside the request of an attempt. */
export interface AttemptContext extends RequestContext {
  /** Goes out as `x-client-request-id`. */
  readonly callId: string;
  /**
   * The key that the call was planned with, as `Provider.credentialId` named it. Key and base URL were checked with the plan.
   * Absent outside of a client: then the provider checks them itself.
   */
  readonly credentialId?: string | undefined;
  /** Milliseconds this attempt may take at the most; for SDKs that insist on a limit of their own. `null`: no limit. */
  readonly limitMs: number | null;
  /** To be called once, when the head of a successful reply has arrived. */
  onResponse(head: ResponseHead): void;
  /**
   * To be called when bytes of the answer's body have arrived, also such as are no part: pings, comments. They show that the server is
   * alive. Absent outside of a client.
   */
  readonly onBytes?: (() => void) | undefined;
  /** To be called with whatever the record of the attempt should know, as soon as it is known. Absent outside of a client. */
  readonly report?: ((told: AttemptReport) => void) | undefined;
}

/** A mistake in a provider's configuration that can be seen without a request. */
export interface ConfigProblem {
  /** The variable or the option: `ACME_BASE_URL`, `acme.apiKey`. */
  readonly path: string;
  /** What would be right, without the value that is wrong. */
  readonly expected: string;
}

/**
 * The object that talks to one vendor. `generate` and `stream` throw `LLMError`s whose code, `retryable` and `fallback` the
 * adapter decided, because only it knows the vendor's words.
 */
export interface Provider {
  /** The version of this contract. */
  readonly spec: 1;
  /** `[a-z][a-z0-9-]*`, unique in a client. */
  readonly id: string;
  /** For people: `Weights & Biases`. */
  readonly name: string;
  /** The variable that holds the key; `null`: none. */
  readonly envKey: string | null;
  /** The page where a key is made, for people who have none yet. */
  readonly keyURL?: string | null | undefined;
  /** The variable that names the model. */
  readonly envModel: string | null;
  /** The variable that holds the base URL. */
  readonly envBaseURL: string | null;
  /** The factory's `model`, where it gave one. Wins over the variable. */
  readonly model?: string | null | undefined;
  /** Used when nothing else names a model. */
  readonly defaultModel: string;
  /** What is known without asking the vendor. */
  readonly models: readonly ModelInfo[];
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** Calls in flight that the vendor is known to bear, where the client's options say nothing. */
  readonly maxConcurrency?: number | undefined;
  /** What a model takes; for unknown ones a permissive guess. Reads no network, throws nothing. */
  capabilities(model: string): ModelCapabilities;
  /** Whether a key is at hand. Reads no network, throws nothing. */
  isConfigured(env: Env): boolean;
  /** Mistakes in key and base URL, seen before any request; empty when there are none. Reads no network, throws nothing. */
  configProblems?(env: Env, credentials: Credentials | null): readonly ConfigProblem[];
  /**
   * Which key a call would use, as a name that differs between keys and does not reveal them (`createKeyNamer`); the breaker, the
   * limits and the figures of a link go by it. Asked once for each plan, and answered asynchronously only where the key itself is:
   * an attempt gets the answer as `AttemptContext.credentialId`. Default: the name of the credentials' key, else of `envKey`'s.
   */
  credentialId?(env: Env, credentials: Credentials | null): string | Promise<string>;
  /** Asks for a whole answer at once. Throws `LLMError`s, or the reason of the signal. */
  generate(request: ModelRequest, context: AttemptContext): Promise<ModelResponse>;
  /** Asks for an answer in parts. Nothing is sent before the first pull; leaving the iterator closes the socket. Throws as `generate`. */
  stream(request: ModelRequest, context: AttemptContext): PartStream;
  /** Asks the vendor which models it serves. */
  listModels?(context: RequestContext): Promise<ModelInfo[]>;
}
