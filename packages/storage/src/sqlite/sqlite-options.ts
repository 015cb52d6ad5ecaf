import type { Clock } from "@babylon/llm-core";
import type { SqliteDatabase } from "./node-sqlite.ts";

/** Options of `openSqlite`. */
export interface SqliteOptions {
  /** An absolute path; `null` for a database in memory, which is discarded when the storage is closed. */
  readonly file: string | null;
  /** Default false. */
  readonly readOnly?: boolean | undefined;
  /** Whether a missing file is created, with its directory. Default true; without it, opening a missing file fails with `unavailable`. */
  readonly create?: boolean | undefined;
  /** Whether the file is switched to WAL mode; `false` keeps its mode. Default true. */
  readonly wal?: boolean | undefined;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
  readonly clock: Clock;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
  /** Runs with each new connection, before anything is changed. Throws when the database is not suitable. */
  readonly check?: ((database: SqliteDatabase) => void) | undefined;
  /** Runs with each new writable connection: creates missing tables. */
  readonly prepare?: ((database: SqliteDatabase) => void) | undefined;
}
