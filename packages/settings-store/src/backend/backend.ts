/**
 * How a backend compares and sets.
 *
 * - `atomic`: the backend itself does it in one step; writers anywhere are safe
 * - `process`: the data lives in this process, and its stores take turns
 * - `none`: stores of this process take turns and read back what they wrote; writers in other processes may still lose updates
 */
export type CasLevel = "atomic" | "process" | "none";

/** What kind of place the settings are kept in. `keyv`: an adapter that the store knows nothing about. */
export type BackendKind = "memory" | "sqlite" | "redis" | "postgres" | "keyv";

/** A change that is being written: what to store and what to tell the others. */
export interface Write {
  /** The text that must be stored now; `undefined`: nothing may be. */
  readonly expected: string | undefined;
  readonly next: string;
  /** Goes to the other processes together with the write, where the backend can do that. */
  readonly message: string;
}

/**
 * A place for one text under one key. Calls are bounded by their signal: when it aborts, the port lets go of the connection if
 * that is the only way to stop waiting. Fails with {@link StorageError}.
 */
export interface RawPort {
  /** The stored text; `undefined` only when there is none. */
  read(signal: AbortSignal): Promise<string | undefined>;
  /**
   * The first 512 characters of the stored text, where they cost less than all of it. They hold the id of the write that made the record,
   * so they are enough to notice a change.
   */
  readHead?(signal: AbortSignal): Promise<string | undefined>;
  /** Whether the write was applied; `false`: something else was stored. */
  compareAndSet(write: Write, signal: AbortSignal): Promise<boolean>;
}

/** Told by a bus about changes made elsewhere. */
export interface BusListener {
  /** A writer's message. */
  onMessage(message: string): void;
  /** Something changed; no more is known. */
  onChange(): void;
  /** The connection is gone; messages may be missed from now on. */
  onLost(): void;
}

/** A live connection to a bus. */
export interface BusConnection {
  /**
   * Publishes a message as writers do, not over this connection but over one for commands. Every listener receives it, this one included.
   * `null`: the bus carries no messages between processes.
   */
  readonly send: ((message: string, signal: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

/** How changes made elsewhere become known. */
export interface Bus {
  /** Fails when there is no way to listen; the keeper tries again. */
  connect(listener: BusListener, signal: AbortSignal): Promise<BusConnection>;
  /** Whose changes it tells of: `process` leaves those of other processes to be found by asking. */
  readonly scope: "all" | "process";
  /** Whether it may stop working unnoticed, so that it is checked regularly. */
  readonly canFail: boolean;
}

/** An opened backend. */
export interface Backend {
  readonly kind: BackendKind;
  /** Where it is, for people: an absolute path or a URL without credentials and options. */
  readonly location: string;
  readonly cas: CasLevel;
  readonly port: RawPort;
  /** `null`: nothing tells, the store has to ask. */
  readonly bus: Bus | null;
  /** Whether the place itself is gone, such as a file that was removed. Asks nobody: it is what was found last. */
  isLost?(): boolean;
  close(): Promise<void>;
}
