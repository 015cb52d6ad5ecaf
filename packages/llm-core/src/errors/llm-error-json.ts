import type { Attempt } from "../contract/attempt.ts";
import type { SkippedProvider } from "../contract/plan.ts";
import type { Usage } from "../contract/usage.ts";
import { cleanCause, type ErrorCause } from "./clean-cause.ts";
import type { LLMErrorCode } from "./error-code.ts";
import type { GateRefusal, RefusedPart, SchemaIssue } from "./error-details.ts";

/** The JSON form of an `LLMError`. */
export interface LLMErrorJSON {
  readonly name: string;
  readonly code: LLMErrorCode;
  readonly message: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly status: number | null;
  readonly retryable: boolean;
  readonly fallback: boolean;
  readonly retryAfterMs: number | null;
  readonly concurrencyLimited: boolean;
  readonly requestId: string | null;
  readonly callId: string | null;
  readonly attempts: readonly Attempt[];
  readonly cause: ErrorCause | null;
  readonly refused?: RefusedPart;
  readonly partialText?: string;
  readonly usage?: Usage;
  readonly refusals?: readonly GateRefusal[];
  readonly skipped?: readonly SkippedProvider[];
  readonly issues?: readonly SchemaIssue[];
  readonly text?: string;
  readonly path?: string;
  readonly expected?: string;
  readonly errors?: readonly LLMErrorJSON[];
}

/** The fields of an error that are written. */
interface ErrorFields extends Omit<LLMErrorJSON, "cause" | "refused" | "errors"> {
  readonly cause: unknown;
  readonly refused: RefusedPart | null;
  readonly errors?: readonly { toJSON(): LLMErrorJSON }[];
}

/** The JSON form of an error, without what is absent. */
export function toErrorJSON(error: ErrorFields): LLMErrorJSON {
  return {
    name: error.name,
    code: error.code,
    message: error.message,
    provider: error.provider,
    model: error.model,
    status: error.status,
    retryable: error.retryable,
    fallback: error.fallback,
    retryAfterMs: error.retryAfterMs,
    concurrencyLimited: error.concurrencyLimited,
    requestId: error.requestId,
    callId: error.callId,
    attempts: error.attempts,
    cause: cleanCause(error.cause),
    ...(error.refused === null ? {} : { refused: error.refused }),
    ...(error.partialText === undefined ? {} : { partialText: error.partialText }),
    ...(error.usage === undefined ? {} : { usage: error.usage }),
    ...(error.refusals === undefined ? {} : { refusals: error.refusals }),
    ...(error.skipped === undefined ? {} : { skipped: error.skipped }),
    ...(error.issues === undefined ? {} : { issues: error.issues }),
    ...(error.text === undefined ? {} : { text: error.text }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.expected === undefined ? {} : { expected: error.expected }),
    ...(error.errors === undefined ? {} : { errors: error.errors.map((inner) => inner.toJSON()) }),
  };
}
