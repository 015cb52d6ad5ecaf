/**
 * The driver's limit for waiting for a lock (`PRAGMA busy_timeout`), milliseconds. It blocks the whole process while it waits, so
 * `openSqlite` waits asynchronously instead: {@link busyPauseMs} between attempts, until the call's own limit.
 */
export const BUSY_TIMEOUT_MS = 5;

const LEAST_PAUSE_MS = 2;
const MOST_PAUSE_MS = 20;

/** The pause before the next attempt to get the lock, milliseconds. `random`: 0 to below 1, so that processes do not meet again. */
export const busyPauseMs = (random: number): number => LEAST_PAUSE_MS + random * (MOST_PAUSE_MS - LEAST_PAUSE_MS);
