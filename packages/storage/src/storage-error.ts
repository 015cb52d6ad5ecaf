/**
 * - `unavailable`: the engine refused the call, failed or did not answer
 * - `corrupt`: the file is not a database, or is damaged
 * - `invalid`: a URL or an option is invalid
 */
export type StorageErrorCode = "unavailable" | "corrupt" | "invalid";

/** Input of a {@link StorageError}. */
export interface StorageErrorInit {
  readonly message: string;
  /** Default `unavailable`. */
  readonly code?: StorageErrorCode;
  /** `unknown`: a write may have been applied despite the error. */
  readonly applied: "no" | "unknown";
  /** Whether the same call may succeed later. Default: true for `unavailable`. */
  readonly retryable?: boolean;
  /** The time limit passed without an answer. Default false. */
  readonly timedOut?: boolean;
  /** The option or variable that caused the error; the message begins with it. Default: none. */
  readonly at?: string | null;
  readonly cause?: unknown;
}

/** The error of every storage call. The message contains no credentials; `cause` is the driver's own error, which may contain some. */
export class StorageError extends Error {
  override readonly name: string = "StorageError";
  readonly code: StorageErrorCode;
  readonly applied: "no" | "unknown";
  readonly retryable: boolean;
  readonly timedOut: boolean;
  readonly at: string | null;

  constructor(init: StorageErrorInit) {
    super(init.message, { cause: init.cause });
    this.code = init.code ?? "unavailable";
    this.applied = init.applied;
    this.retryable = init.retryable ?? this.code === "unavailable";
    this.timedOut = init.timedOut ?? false;
    this.at = init.at ?? null;
  }
}

/** Creates an `invalid` error for one option or variable. */
export function invalidStorageOption(at: string, reason: string): StorageError {
  return new StorageError({ code: "invalid", message: `${at}: ${reason}`, applied: "no", at });
}

/** The message of a thrown value. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    // Node's connect error for a host with several addresses has its messages in `errors`.
    return thrown.errors.map(messageOf).join("; ");
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
