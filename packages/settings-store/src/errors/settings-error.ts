import { cleanCause, type ErrorCause, escapeInvisible, redact, type SettingsSnapshot } from "@babylon/llm-core";

/**
 * The error codes of the store.
 *
 * - `invalid`: the settings, patch, option or URL of the caller are invalid; `path` and `issues` name the fields
 * - `conflict`: another writer changed the settings first; `current` is the stored snapshot
 * - `unavailable`: the backend failed or rejected the call
 * - `timeout`: the backend did not answer within the limit
 * - `write_unknown`: the write may or may not have been applied; `reconcile(writeId)` returns the outcome later, and fails with this code
 *   when the record no longer covers the write because thousands of other writes followed
 * - `corrupt`: what is stored is not a settings record
 * - `schema_too_new`: a newer major version of this package wrote the record
 * - `cas_unsupported`: the backend has no compare-and-set and `requireCas` is set
 * - `incompatible_store`: the table belongs to another major version of Keyv, or the Keyv compresses or encrypts values
 * - `closed`: the store was closed
 */
export type SettingsErrorCode =
  | "invalid"
  | "conflict"
  | "unavailable"
  | "timeout"
  | "write_unknown"
  | "corrupt"
  | "schema_too_new"
  | "cas_unsupported"
  | "incompatible_store"
  | "closed";

/** One validation issue of settings, a patch or an option. */
export interface SettingsIssue {
  /** A dotted path, such as `providers.wandb.model`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The additional fields of errors of some codes. */
export interface SettingsErrorDetails {
  invalid: { readonly path: string; readonly issues: readonly SettingsIssue[] };
  conflict: { readonly current: SettingsSnapshot };
  write_unknown: { readonly writeId: string };
}

type DetailsOf<C extends SettingsErrorCode> = C extends keyof SettingsErrorDetails ? SettingsErrorDetails[C] : unknown;

/** Input of a {@link SettingsError}. */
export interface SettingsErrorInit<C extends SettingsErrorCode = SettingsErrorCode> {
  readonly code: C;
  readonly message: string;
  /** Whether the same call may succeed later. Default: true for `unavailable`, `timeout` and `conflict`. */
  readonly retryable?: boolean | undefined;
  /** Only a redacted copy is kept: name, code and 300 characters of the message. */
  readonly cause?: unknown;
  /** Strings to redact in the message and the cause, such as the password of a URL. */
  readonly secrets?: readonly string[] | undefined;
  readonly details?: DetailsOf<C> | undefined;
}

const MARK = Symbol.for("babylon.settings.error");
const RETRYABLE: ReadonlySet<SettingsErrorCode> = new Set(["unavailable", "timeout", "conflict"]);

/** The error of every store call. Test for it with {@link isSettingsError}; `code` is the reason. */
export class SettingsError extends Error {
  override readonly name: string = "SettingsError";
  readonly code: SettingsErrorCode;
  readonly retryable: boolean;
  /** A redacted copy of the underlying error; `null` without one. */
  override readonly cause: ErrorCause | null;

  constructor(init: SettingsErrorInit) {
    super(redact(init.message, init.secrets));
    this.code = init.code;
    this.retryable = init.retryable ?? RETRYABLE.has(init.code);
    this.cause = redactedCopy(init.cause, init.secrets);
    Object.defineProperty(this, MARK, { value: true, enumerable: false });
    if (init.details !== undefined) Object.assign(this, init.details);
  }
}

function redactedCopy(thrown: unknown, secrets: readonly string[] | undefined): ErrorCause | null {
  const cause = cleanCause(thrown);
  return cause === null ? null : { ...cause, message: redact(cause.message, secrets) };
}

/**
 * Whether a thrown value is a {@link SettingsError} of this or another copy of the package, and has the code, if one is given. Narrows the
 * type to the fields of that code: `if (isSettingsError(e, "conflict")) e.current.version`.
 */
export function isSettingsError<C extends SettingsErrorCode = SettingsErrorCode>(
  thrown: unknown,
  code?: C,
): thrown is SettingsError & { readonly code: C } & DetailsOf<C> {
  if (typeof thrown !== "object" || thrown === null || !(MARK in thrown)) return false;
  return code === undefined || ("code" in thrown && thrown.code === code);
}

/** Creates an `invalid` error from issues; the message names the first three paths. */
export function invalidSettings(issues: readonly SettingsIssue[]): SettingsError {
  const listed = issues
    .slice(0, 3)
    .map(({ path, message }) => (path === "" ? message : `${escapeInvisible(path, "")}: ${message}`));
  const more = issues.length > listed.length ? ` (and ${issues.length - listed.length} more)` : "";
  const details: SettingsErrorDetails["invalid"] = { path: issues[0]?.path ?? "", issues };
  return new SettingsError({ code: "invalid", message: `${listed.join("; ")}${more}`, details });
}

/** Creates an `invalid` error for one option or variable. */
export function invalidOption(path: string, message: string): SettingsError {
  return invalidSettings([{ path, message }]);
}
