/** How long a statement waits for the lock of another process, milliseconds. */
const PATIENCE_MS = 10_000;

/** The limit for waiting for a lock. */
export const patience = (): AbortSignal => new AbortController().signal;
