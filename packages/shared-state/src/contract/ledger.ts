/**
 * Amounts reserved before an attempt and settled after it, in windows that all processes share. Amounts are integers of any one unit per
 * window (nano-dollars, tokens), exact up to 9e15.
 *
 * Time is the engine's: leases end, and windows are chosen, by the clock of Redis, Postgres or the machine of the SQLite file, so a client
 * whose clock is wrong changes nothing.
 *
 * All methods reject with a `StorageError`: `invalid`, naming the field in `at`, or `unavailable`, with `applied: "unknown"` when the
 * engine may have applied the call.
 */
export interface Ledger {
  /**
   * Reserves an amount in every scope, or in none. Fits when `spent + presumed + held + amount <= limit` in each.
   *
   * The hold lasts until `settle`, or until its lease ends: then what was held becomes presumed. Idempotent by `id`: a second reserve of
   * the same id holds nothing more. A reserve that arrives after its own settle holds nothing.
   *
   * After `unavailable` with `applied: "unknown"` the amount may be held: settle the id, whether the attempt is made or not. Also
   * `unavailable` while `SharedStateStatus.recovering`: sums may be too small then.
   */
  reserve(ask: ReserveAsk): Promise<ReserveAnswer>;
  /**
   * Replaces the hold of a reservation by what was spent and what is presumed, in the windows that reserved, also after their end.
   *
   * Idempotent by `id` for two hours, and for two days if it was never reserved; in memory, for at least the last 25,000 ids. May arrive before the reserve; an hour or a day late it corrects what its ended lease presumed.
   * With `scopes`, a settle whose reservation the engine does not have (reserved during an outage, or before the store was emptied) is
   * added to those windows; without, it waits for its reserve.
   */
  settle(id: string, result: Settlement): Promise<void>;
  /** The sums of windows, in the order of the keys. A window without any reservation has only zeros. */
  status(keys: readonly string[]): Promise<readonly ScopeSums[]>;
  /**
   * The windows whose key begins with a text, in the order of their keys: for status pages, also of a process that has not reserved in
   * them. Windows that have ended are among them as long as they are kept. Reads page by page, so do not call it for each attempt.
   */
  windows(query: WindowsQuery): Promise<WindowsFound>;
  /** Removes presumed amounts from a window, after the bill was checked; at most what is presumed. `writeOffs` lists it from then on. */
  writeOff(key: string, presumed: number, by?: WriteOffBy): Promise<void>;
  /** The latest write-offs, the newest first. An emptied store has none. @param limit - default 100; the last 1,000 are kept */
  writeOffs(limit?: number): Promise<readonly WriteOff[]>;
  /** Stores what windows are, for those that find them: a text in place of the one before. */
  describe(name: string, text: string): Promise<void>;
  /** The texts of names that begin with a text. */
  descriptions(prefix: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Restores sums that were read before the store was emptied. Of several processes the largest sum wins; sums of the current epoch are
   * ignored. The ledger does this by itself, with the sums of its own answers, as soon as it finds a new epoch; call it for sums that were
   * kept elsewhere.
   */
  handIn(seen: readonly SeenSums[]): Promise<void>;
  /** The engine's time, epoch milliseconds: the time of its last answer plus the time since, or that of a new answer if there was none. */
  serverEpochMs(): Promise<number>;
}

/** Who writes off, and why. */
export interface WriteOffBy {
  /** `null`: not known. Up to 500 characters. */
  readonly actor: string | null;
  /** `null`: not said. Up to 500 characters. */
  readonly reason: string | null;
}

/** A write-off that was made. */
export interface WriteOff extends WriteOffBy {
  /** By the engine's clock, epoch milliseconds. */
  readonly atEpochMs: number;
  /** The key of the window. */
  readonly key: string;
  /** How much was removed. */
  readonly amount: number;
}

/** Input of {@link Ledger.reserve}. */
export interface ReserveAsk {
  /** Unique for each reservation: one per attempt. */
  readonly id: string;
  /**
   * The windows to reserve in. A function receives the engine's time, and is called again when the engine finds itself outside of a
   * returned `window`: so a window is always chosen by the engine's clock.
   */
  readonly scopes: readonly ScopeAsk[] | ((serverEpochMs: number) => readonly ScopeAsk[]);
  /** The amount for each scope that has none of its own. */
  readonly amount?: number | undefined;
  /** How long the hold lasts without a settle, milliseconds. */
  readonly leaseMs: number;
}

/** When a window ends, after which its sums are kept for two days and then deleted. Without an end they are kept forever. */
export interface WindowEnd {
  /** From now, by any clock. */
  readonly endsInMs?: number | null | undefined;
  /** Start (inclusive) and end (exclusive) by the engine's clock. */
  readonly window?: { readonly startEpochMs: number; readonly endEpochMs: number } | undefined;
}

/** One of the windows of a {@link ReserveAsk}. */
export interface ScopeAsk extends WindowEnd {
  /** The name of the window, unique to rule, subject and period. Up to 500 characters, without control characters. */
  readonly key: string;
  /** The largest sum of spent, presumed and held amounts. */
  readonly limit: number;
  /** Default: the amount of the ask. */
  readonly amount?: number | undefined;
}

/** Answer of {@link Ledger.reserve}. */
export type ReserveAnswer = ReserveGrant | ReserveRefusal;

/** The amount is held in every scope. */
export interface ReserveGrant {
  readonly ok: true;
  /** What is left of each limit after this reservation, in the order of the scopes; never below 0. */
  readonly left: readonly number[];
  /** The engine's time, epoch milliseconds. */
  readonly serverEpochMs: number;
}

/** Nothing is held. */
export interface ReserveRefusal {
  readonly ok: false;
  /** The key of the first scope that has too little left. */
  readonly scope: string;
  /** What is left of its limit; never below 0. */
  readonly left: number;
  /** What other reservations hold of it. */
  readonly held: number;
  /**
   * What has to happen first. `holds`: enough would be left if held amounts are given back, so waiting a moment may help. `window`: the
   * window has to end. `null`: waiting does not help, because the amount exceeds the limit, or the window has no end.
   */
  readonly waitFor: "holds" | "window" | null;
  /** `holds`: a second, or the end of the window if that is sooner. `window`: until its end. `null`: waiting does not help. */
  readonly retryAfterMs: number | null;
  /** The engine's time, epoch milliseconds. */
  readonly serverEpochMs: number;
}

/** Input of {@link Ledger.windows}. */
export interface WindowsQuery {
  /** The start of the keys; not empty. */
  readonly prefix: string;
  /** The number of windows at most. Default 1,000, at most 100,000. */
  readonly limit?: number | undefined;
}

/** Answer of {@link Ledger.windows}. */
export interface WindowsFound {
  readonly windows: readonly FoundWindow[];
  /** Whether there are more windows than the limit. */
  readonly more: boolean;
}

/** A window and its sums. */
export interface FoundWindow extends ScopeSums {
  readonly key: string;
  /** Epoch milliseconds of the engine; `null`: it has no end. */
  readonly endEpochMs: number | null;
}

/** What became of an amount that was held. */
export interface SettledAmounts {
  /** Known to be spent, even above what was reserved. */
  readonly spent: number;
  /** May have been spent: counts against the limit until it is written off. */
  readonly presumed: number;
}

/** Settles one window of a reservation. The end is used only for a window that the engine does not have. */
export interface ScopeSettlement extends SettledAmounts, WindowEnd {
  /** The key of the scope. */
  readonly key: string;
}

/** Input of {@link Ledger.settle}: the same amounts in all scopes, or amounts by scope. A scope that is not listed spent nothing. */
export type Settlement = SettledAmounts | { readonly scopes: readonly ScopeSettlement[] };

/** The sums of a window. */
export interface ScopeSums extends SettledAmounts {
  /** Reserved and not settled yet. */
  readonly held: number;
}

/** Sums of a window as they were last read, for {@link Ledger.handIn}. */
export interface SeenSums extends SettledAmounts, WindowEnd {
  /** The key of the window. */
  readonly key: string;
  /** The epoch (`SharedStateStatus.epoch`) in which they were read. */
  readonly epoch: string;
}
