import type { Attempt } from "../contract/attempt.ts";
import type { SkippedProvider } from "../contract/plan.ts";
import type { Usage } from "../contract/usage.ts";
import { cleanCause, type ErrorCause } from "./clean-cause.ts";
import type { LLMErrorCode } from "./error-code.ts";
import { policyOf } from "./error-policy.ts";
import { showHidden } from "./hidden-characters.ts";
import { keptBody } from "./kept-body.ts";
import { redact } from "./redact.ts";
import { toWaitMs } from "./to-wait-ms.ts";

/** One thing that is wrong with an answer that should have had a shape. */
export interface SchemaIssue {
  readonly message: string;
  /** Property names and indexes from the root. */
  readonly path: readonly (string | number)[];
}

/** What a gate said when it refused to let a link be asked. */
export interface GateRefusal {
  readonly provider: string;
  readonly model: string;
  /** The rule that refused it, in words. */
  readonly why: string;
  /** When the gate may allow it, milliseconds; `null`: waiting does not help. */
  readonly retryAfterMs: number | null;
}

/** What a stream had shown of an answer when it ended. */
export interface PartialAnswer {
  /** All text since the last restart, also what the reader had not taken yet. */
  readonly partialText: string;
  /** Of the attempt that was broken off, as far as it said. */
  readonly usage: Usage;
}

/** The fields that only errors of some codes have. */
export interface LLMErrorDetails {
  interrupted: PartialAnswer;
  /** Present when a stream had shown something of an answer. */
  deadline: Partial<PartialAnswer>;
  /** Present when a stream had shown something of an answer. */
  aborted: Partial<PartialAnswer>;
  /** One for each link that was refused. */
  budget: { readonly refusals: readonly GateRefusal[] };
  no_provider: { readonly skipped: readonly SkippedProvider[] };
  schema_mismatch: { readonly issues: readonly SchemaIssue[]; readonly text: string };
  invalid_input: { readonly path: string; readonly expected: string };
  all_failed: { readonly errors: readonly LLMError[] };
}

/** The own fields of a code: empty for most. */
export type DetailsOf<C extends LLMErrorCode> = C extends keyof LLMErrorDetails ? LLMErrorDetails[C] : unknown;

/** What an error is made of. */
export interface LLMErrorInit<C extends LLMErrorCode = LLMErrorCode> {
  readonly code: C;
  /** For people; cut at 4,096 characters, keys are removed from it, hidden characters written out. */
  readonly message: string;
  readonly provider?: string | null;
  readonly model?: string | null;
  /** The HTTP status, where there was one. */
  readonly status?: number | null;
  /** Default: by code. */
  readonly retryable?: boolean;
  /** Default: by code. */
  readonly fallback?: boolean;
  /** How long the provider asked to wait, milliseconds; held to 24 h. */
  readonly retryAfterMs?: number | null;
  /** A `rate_limit` because too many calls were in flight, rather than too many in a time. Default false. */
  readonly concurrencyLimited?: boolean;
  readonly requestId?: string | null;
  readonly callId?: string | null;
  readonly attempts?: readonly Attempt[];
  /** Copied clean: name, code and 300 characters of the message. */
  readonly cause?: unknown;
  /** The vendor's body, kept out of JSON and of logs. Of a text the first 65,536 characters are kept, of a larger value nothing. */
  readonly body?: unknown;
  /** The code's own error. */
  readonly details?: DetailsOf<C>;
}

/** Longest message: what is longer was made by somebody else, and patterns are tried on all of it. */
const MAX_MESSAGE = 4_096;

const MARK = Symbol.for("babylon.llm.error");

/**
 * The one error that calls fail with. Recognise it with {@link isLLMError}, which also works across duplicate copies of this
 * package; `code` says what happened.
 */
export class LLMError extends Error {
  override readonly name: string;
  readonly code: LLMErrorCode;
  readonly provider: string | null;
  readonly model: string | null;
  readonly status: number | null;
  /** The same link may be tried again. */
  readonly retryable: boolean;
  /** The next link may be tried. */
  readonly fallback: boolean;
  /** How long the provider asked to wait: whole milliseconds, at most 24 h. */
  readonly retryAfterMs: number | null;
  /** A `rate_limit` because too many calls were in flight. */
  readonly concurrencyLimited: boolean;
  readonly requestId: string | null;
  readonly callId: string | null;
  readonly attempts: readonly Attempt[];
  override readonly cause: unknown;
  /**
   * The vendor's body, of a text the first 65,536 characters, of a larger value nothing; not enumerable, not in JSON. May hold
   * anything: do not log it.
   */
  declare readonly body: unknown;

  constructor(init: LLMErrorInit) {
    super(showHidden(redact(init.message.slice(0, MAX_MESSAGE))));
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
    this.requestId = init.requestId ?? null;
    this.callId = init.callId ?? null;
    this.attempts = init.attempts ?? [];
    // The caller's own abort reason goes back to the caller as it is; everything else is copied clean.
    this.cause = init.code === "aborted" ? (init.cause ?? null) : cleanCause(init.cause);
    Object.defineProperty(this, "body", { value: keptBody(init.body), enumerable: false });
    Object.defineProperty(this, MARK, { value: true, enumerable: false });
    if (init.details !== undefined) Object.assign(this, init.details);
  }

  /** Everything but the stack, the body and a caller's own abort reason; `LLMError.fromJSON` reads it back. */
  toJSON(): LLMErrorJSON {
    // Its details are own properties that only the code tells apart.
    return toJSON(this as LLMError & AnyDetails);
  }

  /** The same error with some facts added: where it happened, or what else was tried. Itself where it has them all. */
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

/** A copy of an error is dear: it writes out the stack of the first one. */
function hasAll(error: LLMError, { provider, model, callId, attempts }: Facts): boolean {
  return (
    (provider === undefined || provider === error.provider) &&
    (model === undefined || model === error.model) &&
    (callId === undefined || callId === error.callId) &&
    (attempts === undefined || attempts.length + error.attempts.length === 0 || attempts === error.attempts)
  );
}

/** Adds attempts to an error that nobody but its call has, without a copy. */
export function completeError(error: LLMError, attempts: readonly Attempt[]): LLMError {
  // Read-only for everybody else.
  const own: { attempts: readonly Attempt[] } = error;
  own.attempts = attempts;
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

/** The JSON form of an {@link LLMError}. */
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

/** Every own field that some code has. The constructor assigned those of this error's code. */
type AnyDetails = Partial<
  LLMErrorDetails["interrupted"] &
    LLMErrorDetails["budget"] &
    LLMErrorDetails["no_provider"] &
    LLMErrorDetails["schema_mismatch"] &
    LLMErrorDetails["invalid_input"] &
    LLMErrorDetails["all_failed"]
>;

function toJSON(error: LLMError & AnyDetails): LLMErrorJSON {
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
    ...(error.partialText === undefined ? {} : { partialText: error.partialText }),
    ...(error.usage === undefined ? {} : { usage: error.usage }),
    ...(error.refusals === undefined ? {} : { refusals: error.refusals }),
    ...(error.skipped === undefined ? {} : { skipped: error.skipped }),
    ...(error.issues === undefined ? {} : { issues: error.issues }),
    ...(error.text === undefined ? {} : { text: error.text }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.expected === undefined ? {} : { expected: error.expected }),
    ...(error.errors === undefined ? {} : { errors: error.errors.map((below) => below.toJSON()) }),
  };
}

/**
 * Whether a thrown value is an {@link LLMError}, of this or another copy of the package; with a code, whether it is that one, and
 * then its own fields are typed: `if (isLLMError(e, "interrupted")) e.partialText`.
 */
export function isLLMError<C extends LLMErrorCode = LLMErrorCode>(
  thrown: unknown,
  code?: C,
): thrown is LLMError & { readonly code: C } & DetailsOf<C> {
  if (typeof thrown !== "object" || thrown === null || !(MARK in thrown)) return false;
  return code === undefined || ("code" in thrown && thrown.code === code);
}

/** An `invalid_input` error: `path` names what is wrong, `expected` what would be right. */
export function invalidInput(path: string, expected: string, callId: string | null = null): LLMError {
  return new LLMError({
    code: "invalid_input",
    message: `${path}: expected ${expected}`,
    callId,
    details: { path: showHidden(path), expected },
  });
}
