import type { Clock } from "@babylon/llm-core";
import type { SqliteDatabase } from "./node-sqlite.ts";

/** How a database is opened. */
export interface SqliteOptions {
  /** Absolute; `null` for a database in memory, which ends with the storage. */
  readonly file: string | null;
  /** Default false. */
  readonly readOnly?: boolean | undefined;
  /** Whether the file is put into WAL mode; `false` leaves the mode that it has. Default true. */
  readonly wal?: boolean | undefined;
  /** The option or variable that named the file, for errors. */
  readonly at: string;
  readonly clock: Clock;
  /** 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Called with each new connection, before anything is changed. Throws where the database is not the right one. */
  readonly check?: ((database: SqliteDatabase) => void) | undefined;
  /** Called with each new connection that may write: makes the tables that are missing. */
  readonly prepare?: ((database: SqliteDatabase) => void) | undefined;
}
