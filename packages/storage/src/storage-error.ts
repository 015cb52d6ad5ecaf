/**
 * - `unavailable`: the engine refused, failed or gave no answer
 * - `corrupt`: what is there is not a database
 * - `invalid`: a URL or an option is wrong
 */
export type StorageErrorCode = "unavailable" | "corrupt" | "invalid";

/** What is known about a failed call. */
export interface StorageErrorInit {
  readonly message: string;
  /** Default `unavailable`. */
  readonly code?: StorageErrorCode;
  /** Whether a write may have been applied all the same. */
  readonly applied: "no" | "unknown";
  /** Whether the same call may succeed later. Default: true for `unavailable`. */
  readonly retryable?: boolean;
  /** There was no answer in time. Default false. */
  readonly timedOut?: boolean;
  /** The option or variable that the error is about, which the message begins with. Default: none. */
  readonly at?: string | null;
  readonly cause?: unknown;
}

/** What every storage fails with. The message holds no credentials; `cause` is the driver's own error, which may. */
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

/** An `invalid` error about one option or variable. */
export function invalidOption(at: string, what: string): StorageError {
  return new StorageError({ code: "invalid", message: `${at}: ${what}`, applied: "no", at });
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    // Node's connect error for a name with several addresses has its text one level down.
    return thrown.errors.map(messageOf).join("; ");
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
