import type { Stamp, StateEngine } from "../contract/state-engine.ts";

/** The way of all calls to the engine: limited in time, and refused at once while the engine is away. */
export interface EngineAccess {
  readonly engine: StateEngine;
  /** Calls the engine. Rejects with a `StorageError`. */
  call<T>(run: (engine: StateEngine, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Calls the engine and notes the stamp of its reply. */
  callStamped<T extends Stamp>(run: (engine: StateEngine, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The number of processes at the last answer; `null`: there was none yet. */
  processes(): number | null;
  /** Milliseconds of this process, for durations. */
  monotonic(): number;
  /** Whether the engine may lack confirmed writes, of this process or of others: then nothing may be reserved. */
  mayMissWrites(): boolean;
  /**
   * Resolves when nothing is missing: after an answer of the engine at most, or where its server is not known, when this process has sent
   * again what it knows. Else rejects as `unavailable`.
   */
  whenComplete(applied: "no" | "unknown"): Promise<void>;
  /** The engine's time, estimated from the last stamp; `null`: there was none yet. */
  serverEpochMs(): number | null;
  /** Subscribes to events. Returns the function that unsubscribes. */
  on(listener: AccessListener): () => void;
}

/** Callbacks of {@link EngineAccess.on}. */
export interface AccessListener {
  /** A stamp had a new epoch. */
  newEpoch?(stamp: Stamp): void;
  /**
   * The engine answers again after an outage, over another connection, or with another generation: sends again what it may have lost.
   * Before `beat`.
   */
  back?(): Promise<void>;
  /** The engine answered that it counts this process as alive: every few seconds, and when it is back after an outage. */
  beat?(): void;
}
