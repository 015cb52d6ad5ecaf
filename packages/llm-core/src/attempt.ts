import type { Cost } from "./contract/cost.ts";
import type { LLMErrorCode } from "./errors/error-code.ts";
import type { ResponseFormat, SchemaDialect } from "./provider.ts";
import type { Usage } from "./usage.ts";

/** How one attempt ended. `cancelled`: it lost to a hedged attempt that answered first. */
export type AttemptOutcome = "success" | "failed" | "aborted" | "cancelled";

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
  readonly provider: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** From its start to the first text, reasoning or tool part; `null` when there was none. */
  readonly firstTokenMs: number | null;
  readonly outcome: AttemptOutcome;
  /** Present when `outcome` is not `success`. */
  readonly error?: AttemptError;
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
}
