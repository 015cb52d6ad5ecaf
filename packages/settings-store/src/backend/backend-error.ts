/** What a port knows about a failed call. */
export interface BackendErrorInit {
  readonly message: string;
  /** Whether a write may have been applied all the same. */
  readonly applied: "no" | "unknown";
  /** Whether the same call may succeed later. Default true. */
  readonly retryable?: boolean;
  /** There was no answer in time. Default false. */
  readonly timedOut?: boolean;
  readonly cause?: unknown;
}

/** A failed call of a backend, inside this package. Callers of the store get a `SettingsError`. */
export class BackendError extends Error {
  override readonly name: string = "BackendError";
  readonly applied: "no" | "unknown";
  readonly retryable: boolean;
  readonly timedOut: boolean;

  constructor(init: BackendErrorInit) {
    super(init.message, { cause: init.cause });
    this.applied = init.applied;
    this.retryable = init.retryable ?? true;
    this.timedOut = init.timedOut ?? false;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    // Node's connect error for a name with several addresses has its text one level down.
    return thrown.errors.map(messageOf).join("; ");
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
