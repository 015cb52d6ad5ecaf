import type { Attempt } from "../contract/attempt.ts";
import type { SkippedProvider } from "../contract/plan.ts";
import { cleanCause } from "./clean-cause.ts";
import type { LLMErrorCode } from "./error-code.ts";
import type { GateRefusal, PartialAnswer, RefusedPart, SchemaIssue } from "./error-details.ts";
import { policyOf } from "./error-policy.ts";
import { escapeInvisible } from "./invisible-characters.ts";
import { type LLMErrorJSON, toErrorJSON } from "./llm-error-json.ts";
import { redact } from "./redact.ts";
import { toWaitMs } from "./to-wait-ms.ts";
import { truncateBody } from "./truncate-body.ts";

/** The fields that only errors of some codes have. */
export interface LLMErrorDetails {
  interrupted: PartialAnswer;
  /** Present when a stream had committed a part of an answer. */
  deadline: Partial<PartialAnswer>;
  /** Present when a stream had committed a part of an answer. */
  aborted: Partial<PartialAnswer>;
  /** One for each refused link. */
  budget: { readonly refusals: readonly GateRefusal[] };
  no_provider: { readonly skipped: readonly SkippedProvider[] };
  schema_mismatch: { readonly issues: readonly SchemaIssue[]; readonly text: string };
  invalid_input: { readonly path: string; readonly expected: string };
  all_failed: { readonly errors: readonly LLMError[] };
}

/** The additional fields of an error code: none for most. */
export type DetailsOf<C extends LLMErrorCode> = C extends keyof LLMErrorDetails ? LLMErrorDetails[C] : unknown;

/** Arguments of the {@link LLMError} constructor. */
export interface LLMErrorInit<C extends LLMErrorCode = LLMErrorCode> {
  readonly code: C;
  /** For people. Truncated to 4,096 characters; keys are redacted, invisible characters escaped. */
  readonly message: string;
  readonly provider?: string | null;
  readonly model?: string | null;
  /** The HTTP status, where there was one. */
  readonly status?: number | null;
  /** Default: the policy of the code. */
  readonly retryable?: boolean;
  /** Default: the policy of the code. */
  readonly fallback?: boolean;
  /** The wait that the provider named, milliseconds; limited to 24 h. */
  readonly retryAfterMs?: number | null;
  /** A `rate_limit` because of too many calls in flight, not of too many calls per time. Default false. */
  readonly concurrencyLimited?: boolean;
  /** The rejected parameter, if a 400 or 422 names it. Default `null`. */
  readonly refused?: RefusedPart | null;
  readonly requestId?: string | null;
  readonly callId?: string | null;
  readonly attempts?: readonly Attempt[];
  /** Only name, code and 300 characters of the message are copied, with keys redacted. */
  readonly cause?: unknown;
  /** The vendor's body. Not in JSON. A text is truncated to 65,536 characters; a larger value is dropped. */
  readonly body?: unknown;
  /** The additional fields of the code. */
  readonly details?: DetailsOf<C>;
}

/** Maximum length of a message, characters. Bounds the cost of redaction for long messages of vendors. */
const MAX_MESSAGE = 4_096;

const MARK = Symbol.for("babylon.llm.error");

/**
 * The only error that calls fail with; `code` is its kind. Test for it with {@link isLLMError}, which also works across duplicate
 * copies of this package.
 */
export class LLMError extends Error {
  override readonly name: string;
  readonly code: LLMErrorCode;
  readonly provider: string | null;
  readonly model: string | null;
  readonly status: number | null;
  /** The same link may be retried. */
  readonly retryable: boolean;
  /** The next link may be tried. */
  readonly fallback: boolean;
  /** The wait that the provider named: whole milliseconds, at most 24 h. */
  readonly retryAfterMs: number | null;
  /** A `rate_limit` because of too many calls in flight. */
  readonly concurrencyLimited: boolean;
  /** What of the request the vendor refused as such, where it said so. */
  readonly refused: RefusedPart | null;
  readonly requestId: string | null;
  readonly callId: string | null;
  readonly attempts: readonly Attempt[];
  override readonly cause: unknown;
  /**
   * The vendor's body: a text is truncated to 65,536 characters, a larger value is dropped. Not enumerable and not in JSON. It may hold
   * prompts: do not log it.
   */
  declare readonly body: unknown;

  constructor(init: LLMErrorInit) {
    super(escapeInvisible(redact(init.message.slice(0, MAX_MESSAGE))));
    const { retry, fallback } = policyOf(init);
    this.name = init.code === "aborted" ? "AbortError" : "LLMError";
    this.code = init.code;
    this.provider = init.provider ?? null;
    this.model = init.model ?? null;
    this.status = init.status ?? null;
    this.retryable = init.retryable ?? retry !== false;
    this.fallback = init.fallback ?? fallback === true;
    this.retryAfterMs = toWaitMs(init.retryAfterMs ?? Number.NaN);
    this.concurrencyLimited = init.concurrencyLimited ?? false;
    this.refused = init.refused ?? null;
    this.requestId = init.requestId ?? null;
    this.callId = init.callId ?? null;
    this.attempts = init.attempts ?? [];
    // An abort reason is the caller's own object and is kept unchanged. Any other cause is copied without secrets.
    this.cause = init.code === "aborted" ? (init.cause ?? null) : cleanCause(init.cause);
    Object.defineProperty(this, "body", { value: truncateBody(init.body), enumerable: false });
    Object.defineProperty(this, MARK, { value: true, enumerable: false });
    if (init.details !== undefined) Object.assign(this, init.details);
  }

  /** All fields except the stack, the body and a caller's abort reason. `LLMError.fromJSON` is the inverse. */
  toJSON(): LLMErrorJSON {
    // The details are own properties; which of them exist depends on the code.
    return toErrorJSON(this as LLMError & AnyDetails);
  }

  /** A copy of the error with these fields replaced; the error itself where they are equal already. */
  with(facts: Facts & { readonly details?: object }): LLMError {
    if (facts.details === undefined && hasAll(this, facts)) return this;
    const { body } = this;
    const details = { ...ownDetails(this), ...facts.details };
    const copy = new LLMError({ ...this, message: this.message, body, ...facts, details });
    if (this.stack !== undefined) copy.stack = this.stack;
    return copy;
  }

  /** Rebuilds an error that `toJSON()` wrote, for example in another process. */
  static fromJSON(json: LLMErrorJSON): LLMError {
    const details = ownDetails(json);
    if (json.errors !== undefined) details.errors = json.errors.map((error) => LLMError.fromJSON(error));
    return new LLMError({ ...json, details });
  }
}

type Facts = Pick<LLMErrorInit, "provider" | "model" | "callId" | "attempts">;

/** Avoids a needless copy, which is expensive: it serializes the stack of the original. */
function hasAll(error: LLMError, { provider, model, callId, attempts }: Facts): boolean {
  return (
    (provider === undefined || provider === error.provider) &&
    (model === undefined || model === error.model) &&
    (callId === undefined || callId === error.callId) &&
    (attempts === undefined || attempts.length + error.attempts.length === 0 || attempts === error.attempts)
  );
}

/** Sets the attempts of an error in place. Only for an error that has not left its call yet. */
export function completeError(error: LLMError, attempts: readonly Attempt[]): LLMError {
  // The field is read-only in the public type.
  const writable: { attempts: readonly Attempt[] } = error;
  writable.attempts = attempts;
  return error;
}

const DETAIL_FIELDS: readonly string[] = [
  "partialText",
  "usage",
  "refusals",
  "skipped",
  "issues",
  "text",
  "path",
  "expected",
  "errors",
];

function ownDetails(error: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(error).filter(([field]) => DETAIL_FIELDS.includes(field)));
}

/** The additional fields of all codes. The constructor assigns those of the error's code. */
type AnyDetails = Partial<
  LLMErrorDetails["interrupted"] &
    LLMErrorDetails["budget"] &
    LLMErrorDetails["no_provider"] &
    LLMErrorDetails["schema_mismatch"] &
    LLMErrorDetails["invalid_input"] &
    LLMErrorDetails["all_failed"]
>;

/**
 * Whether a thrown value is an {@link LLMError}, of this or another copy of the package. With a code: whether it has that code; the
 * fields of the code are typed then: `if (isLLMError(e, "interrupted")) e.partialText`.
 */
export function isLLMError<C extends LLMErrorCode = LLMErrorCode>(
  thrown: unknown,
  code?: C,
): thrown is LLMError & { readonly code: C } & DetailsOf<C> {
  if (typeof thrown !== "object" || thrown === null || !(MARK in thrown)) return false;
  return code === undefined || ("code" in thrown && thrown.code === code);
}

/** An `invalid_input` error: `path` is the option or field that is wrong, `expected` the value that is valid. */
export function invalidInput(path: string, expected: string, callId: string | null = null): LLMError {
  return new LLMError({
    code: "invalid_input",
    message: `${path}: expected ${expected}`,
    callId,
    details: { path: escapeInvisible(path), expected },
  });
}
