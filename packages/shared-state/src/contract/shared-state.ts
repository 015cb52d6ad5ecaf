import type { Clock, Logger, SharedSlots } from "@babylon/llm-core";
import type { ImportDriver } from "@babylon/storage";
import type { Facts } from "./facts.ts";
import type { Ledger } from "./ledger.ts";

/** Options of `openSharedState`. */
export interface SharedStateOptions {
  /**
   * `memory://` (this process only), `sqlite://path` (processes of one machine), `redis://` or `rediss://` (Redis or Valkey; several hosts,
   * separated by commas, are a cluster), `postgres://`.
   */
  readonly url: string;
  /** The option or variable that the URL came from, for errors. Default `url`. */
  readonly at?: string | undefined;
  /** The start of all keys and tables: letters, digits and `_`. Default `babylon`. */
  readonly prefix?: string | undefined;
  /**
   * How long the engine may be silent while calls wait for it, milliseconds: then these calls fail, and calls fail at once until the engine
   * is back. Default 50. A file is silent while it is locked and no process commits; processes that take turns are not silence.
   */
  readonly timeoutMs?: number | undefined;
  /** Default: the system's. Measures time limits; the time of the shared state is the engine's. */
  readonly clock?: Clock | undefined;
  /** Gets a line when the engine is away, and when it is back. Default: none. */
  readonly logger?: Logger | undefined;
  /** From 0 to below 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Loads `@redis/client` or `pg`. Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
}

/** What processes share while they call. */
export interface SharedState {
  /** Reserved, spent and presumed amounts. */
  readonly ledger: Ledger;
  /** Leases of concurrency limits. */
  readonly slots: SharedSlots;
  /** What vendors said. */
  readonly facts: Facts;
  /** The state of the connection. Does no I/O. */
  status(): SharedStateStatus;
  /**
   * A random secret that is the same in all processes, made by the first one that asks: for keyed hashes when `BABYLON_HASH_SECRET` is not
   * set. Rejects with a `StorageError`.
   */
  hashSecret(): Promise<string>;
  /** Ends all timers and connections. Calls reject afterwards. */
  close(): Promise<void>;
}

/** Answer of {@link SharedState.status}. */
export interface SharedStateStatus {
  /** The engine. */
  readonly engine: "memory" | "sqlite" | "redis" | "postgres";
  /** Where it is, without credentials. */
  readonly location: string;
  /** The start of all keys and tables. */
  readonly prefix: string;
  /** Whether the last call was answered. While not, calls fail at once, and one probe a second checks whether the engine is back. */
  readonly connected: boolean;
  /** Since when it is connected, or not, by the clock of this process. */
  readonly sinceEpochMs: number;
  /** The last answer of the engine, by the clock of this process; `null`: there was none yet. */
  readonly lastAnswerEpochMs: number | null;
  /** The latest failure, without credentials; `null`: none. */
  readonly lastError: string | null;
  /** Processes that share the state, this one included, at the last answer; `null`: there was none yet. */
  readonly processes: number | null;
  /** The id of the stored state, which changes when the store was emptied; `null`: not known yet. */
  readonly epoch: string | null;
  /**
   * Whether confirmed writes were lost (the store was emptied, or another server has it) and processes have not all sent theirs again.
   * Until they have, up to 8 seconds, nothing is reserved.
   */
  readonly recovering: boolean;
}
