/** What a worker process does. */
export type WorkerJob =
  /** Counts up in the settings `times` times by function updates, then prints a {@link CountingReport}. */
  | { readonly kind: "count"; readonly url: string; readonly times: number; readonly redisMajor?: 5 | 6 }
  /** Counts up until it is killed, printing each version that was committed. */
  | { readonly kind: "count-forever"; readonly url: string }
  /** Prints `{ version, at }` for each version it sees; `at` by the machine's monotonic clock, nanoseconds as a text. */
  | { readonly kind: "watch"; readonly url: string }
  /** Reads 1,000 times a second until told to stop, then prints a {@link ReadingReport}. */
  | { readonly kind: "read"; readonly url: string; readonly ttlMs: number }
  /** Locks an SQLite file, against writers or against everybody, until told to stop. */
  | { readonly kind: "lock"; readonly file: string; readonly against: "writers" | "everybody" }
  /** Opens a store, reads once, then closes it or not, and leaves the rest to the process. */
  | { readonly kind: "exit"; readonly url: string; readonly close: boolean };

/** What a counting worker did. */
export interface CountingReport {
  readonly done: number;
  readonly failed: readonly string[];
  /** The versions that it made, as it was told. */
  readonly versions: readonly (number | null)[];
  readonly tookMs: number;
}

/** What a reading worker saw. Before it, it prints `{ saw }` for each version when it reads it first. */
export interface ReadingReport {
  readonly reads: number;
  readonly failed: number;
  /** The slowest read, milliseconds. */
  readonly slowestMs: number;
  /** The longest time in which the event loop did nothing else, milliseconds. */
  readonly blockedMs: number;
  /** How often the backend was asked. */
  readonly backendReads: number;
  readonly versions: readonly (number | null)[];
  readonly staleReads: number;
  readonly state: string;
}
