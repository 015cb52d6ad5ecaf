import type { LLMErrorCode } from "../errors/error-code.ts";
import type { Cost } from "./cost.ts";
import type { ResponseFormat, SchemaDialect } from "./provider.ts";
import type { Usage } from "./usage.ts";

/** How an attempt ended. `cancelled`: another attempt of a hedged call answered first. */
export type AttemptOutcome = "success" | "failed" | "aborted" | "cancelled";

/**
 * Why an attempt was made. `first`: the first of a request (`generateArray` may split a call into several requests); `retry`: the same
 * link again; `fallback`: another link; `hedge`: in parallel to a slow attempt; `ask-again`: the previous answer did not match the
 * schema; `continue`: continues the committed text of an interrupted answer, on any link.
 */
export type AttemptKind = "first" | "retry" | "fallback" | "hedge" | "ask-again" | "continue";

/** The error of an attempt. Safe to log. */
export interface AttemptError {
  readonly code: LLMErrorCode;
  readonly message: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

/** One call to one link. */
export interface Attempt {
  /** Counts from 1 within the call. */
  readonly number: number;
  readonly kind: AttemptKind;
  readonly provider: string;
  /** The requested model. */
  readonly model: string;
  readonly transport: "stream" | "json";
  /** Origin and path of the base URL, without its query and without secrets. `null`: not known. */
  readonly endpoint: string | null;
  /**
   * Whether the request was sent: `true` as soon as it is written to a connection, and where that is not known. `false`: the provider
   * cannot have received it, such as after a refused connection, an unknown host or a failure to get the key.
   */
  readonly sent: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** From the start of the attempt to the first text, reasoning or tool part; `null`: there was none. */
  readonly firstTokenMs: number | null;
  readonly outcome: AttemptOutcome;
  /** Present when `outcome` is not `success`. */
  readonly error?: AttemptError;
  /** Received characters (UTF-16 code units) of text, reasoning and tool arguments. */
  readonly outputChars: number;
  /** Present when the provider reported at least one number. An attempt without it may still have been billed. */
  readonly usage?: Usage;
  /** Present with a pricer. */
  readonly cost?: Cost;
  /** The requested format of the answer, unless it was free text. */
  readonly responseFormat?: ResponseFormat;
  /** How the request conveyed the schema, in a call for an object or an array. */
  readonly schemaDialect?: SchemaDialect;
  /** The vendor's id of the request, for questions to its support. */
  readonly requestId: string | null;
  /** The vendor's id of the answer. */
  readonly responseId: string | null;
  /** The model that answered, as the vendor names it. `null`, here and below: not reported before the attempt ended. */
  readonly responseModel: string | null;
  /** The tier that served the request; it may differ from the requested one. */
  readonly serviceTier: string | null;
  /** The speed at which it was served, where a vendor offers several (Anthropic). */
  readonly speed: string | null;
  /** The region that served it, as the vendor names it. */
  readonly region: string | null;
}
