import type { LLMErrorCode } from "../errors/error-code.ts";
import type { Cost } from "./cost.ts";
import type { ResponseFormat, SchemaDialect } from "./provider.ts";
import type { Usage } from "./usage.ts";

/** How one attempt ended. `cancelled`: it lost to a hedged attempt that answered first. */
export type AttemptOutcome = "success" | "failed" | "aborted" | "cancelled";

/**
 * Why an attempt was made. `first`: the first of a request (a call for an array that is split makes several); `retry`: on the link of the
 * attempt before; `fallback`: on another link; `hedge`: beside a slow one; `ask-again`: the answer before did not fit what was asked for;
 * `continue`: it goes on from text that was shown, on whichever link.
 */
export type AttemptKind = "first" | "retry" | "fallback" | "hedge" | "ask-again" | "continue";

/** Why an attempt did not succeed: the facts of its error, safe to log. */
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
  /** The model that was asked for. */
  readonly model: string;
  readonly transport: "stream" | "json";
  /** Where the request was addressed to: origin and path of the base URL, without its query and without secrets. `null`: not known. */
  readonly endpoint: string | null;
  /**
   * Whether the request left: `true` from the moment when it is written to a connection. `false`: nobody has received anything, such as
   * after a refused connection, an unknown host or a key that could not be had. `true` too where that cannot be known.
   */
  readonly sent: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** From its start to the first text, reasoning or tool part; `null` when there was none. */
  readonly firstTokenMs: number | null;
  readonly outcome: AttemptOutcome;
  /** Present when `outcome` is not `success`. */
  readonly error?: AttemptError;
  /** Characters (UTF-16 code units) of text, reasoning and tool arguments that were read of the answer. */
  readonly outputChars: number;
  /** Present when the provider told at least one number; an attempt without it may have been billed all the same. */
  readonly usage?: Usage;
  /** Present with a pricer. */
  readonly cost?: Cost;
  /** The form of answer that the request asked for, where it was not free text. */
  readonly responseFormat?: ResponseFormat;
  /** How the shape was asked for, in a call for an object or an array. */
  readonly schemaDialect?: SchemaDialect;
  /** The vendor's id of the request, for its support. */
  readonly requestId: string | null;
  /** The vendor's id of the answer. */
  readonly responseId: string | null;
  /** The model that answered, in the vendor's words. `null`, as those below: the vendor did not say, or not before the attempt ended. */
  readonly responseModel: string | null;
  /** The tier that served the request, which may be another than was asked for. */
  readonly serviceTier: string | null;
  /** The speed that served it, where a vendor sells several (Anthropic). */
  readonly speed: string | null;
  /** Where it was served, in the vendor's words. */
  readonly region: string | null;
}
