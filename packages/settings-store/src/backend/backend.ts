/**
 * The compare-and-set of a backend.
 *
 * - `atomic`: one atomic operation of the backend; no update is lost
 * - `process`: the data is in the memory of this process, and writes of its stores are serialized; no update is lost
 * - `none`: writes of this process are serialized and read back; updates of other processes may be lost
 */
export type CasLevel = "atomic" | "process" | "none";

/** The kind of backend. `keyv`: an adapter for another engine, used by its `get` and `set`. */
export type BackendKind = "memory" | "sqlite" | "redis" | "postgres" | "keyv";

/** One compare-and-set, and the message that announces it. */
export interface Write {
  /** The text that must be stored for the write to apply; `undefined`: nothing may be stored. */
  readonly expected: string | undefined;
  readonly next: string;
  /** Published to the other processes together with the write, where the backend supports that. */
  readonly message: string;
}

/**
 * Reads and writes one text under one key. When the signal aborts, the call is canceled, if necessary by closing the connection. Fails
 * with `StorageError`.
 */
export interface RawPort {
  /** The stored text; `undefined` only when nothing is stored. */
  read(signal: AbortSignal): Promise<string | undefined>;
  /**
   * The first 512 characters of the stored text. They contain the write id of the record, which is enough to detect a change. Absent
   * where they cost as much as a whole read.
   */
  readHead?(signal: AbortSignal): Promise<string | undefined>;
  /** Whether the write was applied; `false`: the stored text is not the expected one. */
  compareAndSet(write: Write, signal: AbortSignal): Promise<boolean>;
}

/** Callbacks of a bus. */
export interface BusListener {
  /** A message arrived. */
  onMessage(message: string): void;
  /** The record may have changed; there is no message. */
  onChange(): void;
  /** The connection was lost; messages may be missed from now on. */
  onLost(): void;
}

/** A live connection to a bus. */
export interface BusConnection {
  /**
   * Publishes a message in the way of a write: over the connection for commands, not over this one. All listeners receive it, this one
   * included. `null`: the bus has no messages between processes.
   */
  readonly send: ((message: string, signal: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

/** Announces changes that other stores make. */
export interface Bus {
  /** Opens a connection. Rejects on failure; the bus keeper retries. */
  connect(listener: BusListener, signal: AbortSignal): Promise<BusConnection>;
  /** Whose changes it announces: all, or only those of this process; the others are found by polling. */
  readonly scope: "all" | "process";
  /** Whether it may stop working without an error, so that it is checked regularly. */
  readonly canFail: boolean;
}

/** An opened backend. */
export interface Backend {
  readonly kind: BackendKind;
  /** Where it is, for display: an absolute path, or a URL without credentials and options. */
  readonly location: string;
  readonly cas: CasLevel;
  readonly port: RawPort;
  /** `null`: changes are found by polling only. */
  readonly bus: Bus | null;
  /** Whether the database file was removed, as of the last check; does no I/O. */
  isLost?(): boolean;
  close(): Promise<void>;
}
