import { cleanCause, type ErrorCause, redact, type SettingsSnapshot } from "@babylon/llm-core";
import { escapeInvisible } from "../schema/printable.ts";

/**
 * Every way the store can fail.
 *
 * - `invalid`: the caller's settings, patch, option or URL; `path` and `issues` say where
 * - `conflict`: somebody else changed the settings first; `current` holds what is stored
 * - `unavailable`, `timeout`: the backend refused, or gave no answer within the limit
 * - `write_unknown`: the write may or may not have been applied; ask `reconcile(writeId)`, which fails with this code when thousands
 *   of other writes were made since, and nothing remembers
 * - `corrupt`: what is stored is not a settings record
 * - `schema_too_new`: a newer major version of this package wrote the record
 * - `cas_unsupported`: the backend has no compare-and-set and `requireCas` was given
 * - `incompatible_store`: the table belongs to another major version of Keyv, or Keyv would encode the record its own way
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

/** One thing that is wrong with settings, a patch or an option. */
export interface SettingsIssue {
  /** Dotted, such as `providers.wandb.model`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The fields that only errors of some codes have. */
export interface SettingsErrorDetails {
  invalid: { readonly path: string; readonly issues: readonly SettingsIssue[] };
  conflict: { readonly current: SettingsSnapshot };
  write_unknown: { readonly writeId: string };
}

type DetailsOf<C extends SettingsErrorCode> = C extends keyof SettingsErrorDetails ? SettingsErrorDetails[C] : unknown;

/** What a {@link SettingsError} is made of. */
export interface SettingsErrorInit<C extends SettingsErrorCode = SettingsErrorCode> {
  readonly code: C;
  readonly message: string;
  /** Whether the same call may succeed later as it is. Default: `unavailable`, `timeout` and `conflict` may. */
  readonly retryable?: boolean | undefined;
  /** Copied clean: name, code and 300 characters of the message. */
  readonly cause?: unknown;
  /** Strings to take out of the message and the cause, such as the password of a URL. */
  readonly secrets?: readonly string[] | undefined;
  readonly details?: DetailsOf<C> | undefined;
}

const MARK = Symbol.for("babylon.settings.error");
const RETRYABLE: ReadonlySet<SettingsErrorCode> = new Set(["unavailable", "timeout", "conflict"]);

/** The one error that the store fails with. Recognise it with {@link isSettingsError}; `code` says what happened. */
export class SettingsError extends Error {
  override readonly name: string = "SettingsError";
  readonly code: SettingsErrorCode;
  readonly retryable: boolean;
  /** A clean copy of what was thrown below; `null` where nothing was. */
  override readonly cause: ErrorCause | null;

  constructor(init: SettingsErrorInit) {
    super(redact(init.message, init.secrets));
    this.code = init.code;
    this.retryable = init.retryable ?? RETRYABLE.has(init.code);
    this.cause = cleanCopy(init.cause, init.secrets);
    Object.defineProperty(this, MARK, { value: true, enumerable: false });
    if (init.details !== undefined) Object.assign(this, init.details);
  }
}

function cleanCopy(thrown: unknown, secrets: readonly string[] | undefined): ErrorCause | null {
  const cause = cleanCause(thrown);
  return cause === null ? null : { ...cause, message: redact(cause.message, secrets) };
}

/**
 * Whether a thrown value is a {@link SettingsError}, of this or another copy of the package; with a code, whether it is that one,
 * and then its own fields are typed: `if (isSettingsError(e, "conflict")) e.current.version`.
 */
export function isSettingsError<C extends SettingsErrorCode = SettingsErrorCode>(
  thrown: unknown,
  code?: C,
): thrown is SettingsError & { readonly code: C } & DetailsOf<C> {
  if (typeof thrown !== "object" || thrown === null || !(MARK in thrown)) return false;
  return code === undefined || ("code" in thrown && thrown.code === code);
}

/** An `invalid` error made of its issues; the message names the first three paths. */
export function invalidSettings(issues: readonly SettingsIssue[]): SettingsError {
  const shown = issues
    .slice(0, 3)
    .map(({ path, message }) => (path === "" ? message : `${escapeInvisible(path)}: ${message}`));
  const more = issues.length > shown.length ? ` (and ${issues.length - shown.length} more)` : "";
  const details: SettingsErrorDetails["invalid"] = { path: issues[0]?.path ?? "", issues };
  return new SettingsError({ code: "invalid", message: `${shown.join("; ")}${more}`, details });
}

/** An `invalid` error about one option or variable. */
export function invalidOption(path: string, message: string): SettingsError {
  return invalidSettings([{ path, message }]);
}
