import type { Clock } from "@babylon/llm-core";
import type { ImportDriver } from "@babylon/storage";
import type { Backend } from "./backend.ts";

/** What every backend is opened with. */
export interface OpenContext {
  readonly key: string;
  /** Table of the SQL backends that a URL opens. */
  readonly table: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly importPackage: ImportDriver;
  /** Longest wait for one answer, milliseconds. */
  readonly limitMs: number;
  /** How often to look at an SQLite file without having been told, milliseconds. */
  readonly sqlitePollMs: number;
}

/** An opened backend and what must not be shown of the way to it. */
export interface OpenedBackend {
  readonly backend: Backend;
  readonly secrets: readonly string[];
}
