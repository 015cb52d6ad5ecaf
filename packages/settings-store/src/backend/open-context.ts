import type { Clock } from "@babylon/llm-core";
import type { ImportDriver } from "@babylon/storage";
import type { Backend } from "./backend.ts";

/** Options of every backend. */
export interface OpenContext {
  readonly key: string;
  /** The table of an SQLite or Postgres URL. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly importPackage: ImportDriver;
  /** Time limit of one call, milliseconds. */
  readonly limitMs: number;
  /** Interval of polls of an SQLite file, milliseconds. */
  readonly sqlitePollMs: number;
}

/** An opened backend, and the secrets to redact in its errors. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly secrets: readonly string[];
}
