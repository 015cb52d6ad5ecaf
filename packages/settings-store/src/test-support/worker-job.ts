/** The job of a worker process. */
export type WorkerJob =
  /** Increments a counter in the settings `times` times by function updates, then prints a {@link CountingReport}. */
  | { readonly kind: "count"; readonly url: string; readonly times: number; readonly redisMajor?: 5 | 6 }
  /** Increments the counter until it is killed, and prints each committed version. */
  | { readonly kind: "count-forever"; readonly url: string }
  /** Prints `{ version, at }` for each version that it loads; `at` by the machine's monotonic clock, nanoseconds as text. */
  | { readonly kind: "watch"; readonly url: string }
  /** Reads 1,000 times a second until it receives a line, then prints a {@link ReadingReport}. */
  | { readonly kind: "read"; readonly url: string; readonly ttlMs: number }
  /** Holds a write lock or an exclusive lock on an SQLite file until it receives a line. */
  | { readonly kind: "lock"; readonly file: string; readonly against: "writers" | "everybody" }
  /** Opens a store, reads once, closes the store or not, and lets the process exit by itself. */
  | { readonly kind: "exit"; readonly url: string; readonly close: boolean };

/** The result of a counting worker. */
export interface CountingReport {
  readonly done: number;
  readonly failed: readonly string[];
  /** The versions that its updates returned. */
  readonly versions: readonly (number | null)[];
  readonly tookMs: number;
}

/** The result of a reading worker. Before it, the worker prints `{ saw }` for each version at its first read. */
export interface ReadingReport {
  readonly reads: number;
  readonly failed: number;
  /** The slowest read, milliseconds. */
  readonly slowestMs: number;
  /** The longest time for which the event loop was blocked, milliseconds. */
  readonly blockedMs: number;
  /** Reads of the backend. */
  readonly backendReads: number;
  readonly versions: readonly (number | null)[];
  readonly staleReads: number;
  readonly state: string;
}
