import type { Clock } from "./clock.ts";
import type { Env } from "./env.ts";
import type { JsonObject } from "./json.ts";
import type { Message, ProviderOptions } from "./message.ts";
import type { ModelResponse, PartStream } from "./model-answer.ts";
import type { Tool, ToolChoice } from "./tool.ts";
import type { Usage } from "./usage.ts";

/** A model of a provider, as far as it is documented. */
export interface ModelInfo {
  /** The id exactly as the vendor accepts it. May contain `/` and `:`. */
  readonly id: string;
  /** A display name; the id if there is none. */
  readonly name: string;
  readonly description: string | null;
  /** Whether the maintainers of the provider package recommend it. */
  readonly recommended: boolean;
  /** Maximum tokens of prompt and answer together. */
  readonly contextTokens: number | null;
  /** Maximum tokens of an answer. */
  readonly maxOutputTokens: number | null;
  /** The announced date of retirement (`YYYY-MM-DD`); `null`: none. */
  readonly retiresAt: string | null;
}

/** A model id that is retired or about to be. */
export interface RetiredModel {
  /** `YYYY-MM-DD`; a future date: still accepted. `null`: retired, date unknown. */
  readonly retiredAt: string | null;
  /** The id to use instead. */
  readonly replacement: string;
}

/**
 * How a request conveys a JSON schema:
 * `strict` (the vendor enforces the schema, all fields required), `loose` (schema sent, not enforced), `json-mode` (any JSON),
 * `tool` (as a forced tool call), `prompt` (only as an instruction in the prompt).
 */
export type SchemaDialect = "strict" | "loose" | "json-mode" | "tool" | "prompt";

/**
 * What a model takes in a `strict` schema. Constraints and formats beyond it become words of the description, which the validator holds
 * the answer to; a schema that is larger is asked for in the next dialect.
 */
export interface StrictSchemaRules {
  /** Constraints such as `minimum` or `minItems`. A `pattern` that looks around or back is never sent. Default: none. */
  readonly keywords?: readonly string[];
  /** Values of `format`. Default: those that OpenAI and Anthropic both take. */
  readonly formats?: readonly string[];
  /** Members that may be absent; more become nullable, which is a union each. Default 0. */
  readonly maxOptionals?: number;
  /** Places that take more than one type. Default: any number. */
  readonly maxUnions?: number;
  /** Schemas within the schema, references written out, and values of enumerations. Default 1,000. */
  readonly maxNodes?: number;
  /** Objects within objects. Default 10. */
  readonly maxDepth?: number;
}

/** The effort levels of the vendors' scales, lowest first. */
export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Supported options and limits of a model. For an unknown model the adapter assumes that all options are supported, and `null` limits. */
export interface ModelCapabilities {
  readonly images: boolean;
  readonly files: boolean;
  readonly tools: boolean;
  /** Whether a tool call can be forced (`required`, or a named tool). */
  readonly forcedToolChoice: boolean;
  /** Supported dialects, best first. Never empty: `prompt` always works. */
  readonly schema: readonly SchemaDialect[];
  /** Limits of a `strict` schema. Default: what every vendor accepts. */
  readonly strictSchema?: StrictSchemaRules;
  /** Whether a schema can be combined with streaming. `false` makes `transport: "auto"` use JSON. */
  readonly schemaWithStreaming: boolean;
  /** Whether a schema can be combined with tools. */
  readonly schemaWithTools: boolean;
  /** `temperature` and `topP`. */
  readonly sampling: boolean;
  readonly seed: boolean;
  readonly stopSequences: boolean;
  /** Supported levels of `reasoningEffort`; empty: the option is not supported. */
  readonly reasoningEffort: readonly ReasoningEffort[];
  /** The model may reason for long before its first part: the default first-token limit is 60 s instead of 10 s. */
  readonly silentReasoning: boolean;
  /** Whether the conversation may end with an assistant message that the model continues. */
  readonly assistantPrefill: boolean;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
}

/** The format of an answer that is not free text. */
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
 * One request to one link. Core has already dropped the options that the model does not support. Absent fields are not sent.
 */
export interface ModelRequest {
  readonly model: string;
  /** Never empty. System messages may be at any position; reasoning of other links is already removed. */
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
  /** Optional fields of the wire that the vendor has refused (`RefusedPart.field`): the body must not have them. */
  readonly without?: readonly string[];
}

/** A tenant's own credentials for a provider, passed with a call. */
export interface Credentials {
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
}

/** One budget of a rate limit, as a provider reported it with an answer. */
export interface RateLimitBudget {
  readonly kind: "requests" | "tokens" | "input-tokens" | "output-tokens";
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Milliseconds from the answer until the budget is reset. */
  readonly resetMs: number | null;
}

/** Status and headers of a response, as far as core uses them. */
export interface ResponseHead {
  readonly status: number;
  readonly requestId: string | null;
  readonly rateLimits: readonly RateLimitBudget[];
}

/**
 * Facts about an attempt in flight, for its record; `null`: the vendor does not report it. The fields of a report override those of
 * earlier reports.
 */
export interface AttemptReport {
  /** Origin and path of the base URL, without its query and without secrets. */
  readonly endpoint?: string | null;
  /**
   * `false`: nothing has been written to a connection yet. `true`: from now on something may have been. Without any report the request
   * counts as sent from the call of the adapter on.
   */
  readonly sent?: boolean;
  /** As in a `finish` part, but as soon as it is known: an interrupted answer has no `finish` part. */
  readonly responseId?: string | null;
  readonly responseModel?: string | null;
  readonly serviceTier?: string | null;
  readonly speed?: string | null;
  readonly region?: string | null;
  /**
   * `true`: the wire has marked the answer as whole; at most its usage and its end are missing. `false`: it went on after all. While it is
   * whole, a limit of time aborts the adapter's signal, and the adapter yields what it has.
   */
  readonly whole?: boolean;
  /** Only for a complete answer that is an error nevertheless. Other answers contain their usage. */
  readonly usage?: Usage;
}

/** The default of `RequestContext.maxResponseBytes`, bytes after decompression. */
export const DEFAULT_MAX_RESPONSE_BYTES: number = 64 * 1024 * 1024;

/** The context of any request to a provider. */
export interface RequestContext {
  /** Aborts the request; the adapter must close the socket at once. */
  readonly signal: AbortSignal;
  /** The environment, read at this call. */
  readonly env: Env;
  readonly clock: Clock;
  /** Override those of the factory and the environment. `null`: none. */
  readonly credentials: Credentials | null;
  /**
   * Maximum size of the response, bytes after decompression. For a larger one the adapter closes the socket and throws
   * `invalid_response`, not retryable. Default {@link DEFAULT_MAX_RESPONSE_BYTES}.
   */
  readonly maxResponseBytes?: number | undefined;
}

/** The context of an attempt. */
export interface AttemptContext extends RequestContext {
  /** Sent as `x-client-request-id`. */
  readonly callId: string;
  /**
   * The id of the key that the call was planned with (`Provider.credentialId`). Key and base URL were validated by the plan. Absent
   * outside of a client: the provider then validates them itself.
   */
  readonly credentialId?: string | undefined;
  /** Maximum duration of the attempt, milliseconds, for SDKs that require a timeout. `null`: no limit. */
  readonly limitMs: number | null;
  /**
   * The caller reads the parts while they arrive, so that text must not be held back to classify it. Default false: only the complete answer
   * is used.
   */
  readonly isLive?: boolean | undefined;
  /** The adapter calls this once, when the head of a successful response has arrived. */
  onResponse(head: ResponseHead): void;
  /**
   * The adapter calls this when bytes of the body have arrived that form no part with content, such as pings, comments and counts of tokens:
   * they show that the connection is alive. Absent outside of a client.
   */
  readonly onBytes?: (() => void) | undefined;
  /** The adapter calls this with facts for the record as soon as they are known. Absent outside of a client. */
  readonly report?: ((report: AttemptReport) => void) | undefined;
}

/** A mistake in a provider's configuration that can be detected without a request. */
export interface ConfigProblem {
  /** The variable or the option: `ACME_BASE_URL`, `acme.apiKey`. */
  readonly path: string;
  /** The expected value. Must not contain the wrong value, which may be a secret. */
  readonly expected: string;
}

/**
 * An adapter for one vendor. `generate` and `stream` throw `LLMError`s; the adapter sets their code, `retryable` and `fallback`, since it
 * alone can interpret the vendor's replies.
 */
export interface Provider {
  /** The version of this contract. */
  readonly spec: 1;
  /** `[a-z][a-z0-9-]*`, unique in a client. */
  readonly id: string;
  /** Display name, such as `Weights & Biases`. */
  readonly name: string;
  /** The environment variable of the key; `null`: none. */
  readonly envKey: string | null;
  /** The web page where users create a key. */
  readonly keyURL?: string | null | undefined;
  /** The environment variable of the model. */
  readonly envModel: string | null;
  /** The environment variable of the base URL. */
  readonly envBaseURL: string | null;
  /** The `model` option of the factory, if set. Overrides the environment variable. */
  readonly model?: string | null | undefined;
  /** The model if nothing else names one. */
  readonly defaultModel: string;
  /** Models that are known without a request. */
  readonly models: readonly ModelInfo[];
  readonly retired: Readonly<Record<string, RetiredModel>>;
  /** Default maximum of calls in flight, from the vendor's known limits. */
  readonly maxConcurrency?: number | undefined;
  /** Supported options of a model; permissive for unknown models. Makes no request, does not throw. */
  capabilities(model: string): ModelCapabilities;
  /** Whether a key is available. Makes no request, does not throw. */
  isConfigured(env: Env): boolean;
  /** Mistakes in key and base URL; empty if there are none. Makes no request, does not throw. */
  configProblems?(env: Env, credentials: Credentials | null): readonly ConfigProblem[];
  /**
   * The fingerprint of the key that a call would use (`createKeyFingerprinter`): unique for each key, without revealing it. Breaker,
   * limits and statistics of a link are kept per fingerprint. Called once for each plan; asynchronous only if the key itself is loaded
   * asynchronously. An attempt gets the result as `AttemptContext.credentialId`. Default: the fingerprint of the key of `credentials`,
   * else of the variable `envKey`.
   */
  credentialId?(env: Env, credentials: Credentials | null): string | Promise<string>;
  /** Requests a complete answer. Throws `LLMError`s, or the reason of the signal. */
  generate(request: ModelRequest, context: AttemptContext): Promise<ModelResponse>;
  /**
   * Requests a streamed answer. Lazy: the request is sent at the first `next()`. `return()` of the iterator closes the socket. Throws as
   * `generate`.
   */
  stream(request: ModelRequest, context: AttemptContext): PartStream;
  /** Requests the list of the vendor's models. */
  listModels?(context: RequestContext): Promise<ModelInfo[]>;
}
