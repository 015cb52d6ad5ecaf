import type { VendorFact } from "./facts.ts";
import type { ScopeSums, SettledAmounts, WriteOff, WriteOffBy } from "./ledger.ts";
import type { SharedStateStatus } from "./shared-state.ts";

/** The start of each reply: when, and of which stored state. */
export interface Stamp {
  readonly nowEpochMs: number;
  readonly epoch: string;
}

/** When a window ends; both `null`: never. */
export interface EngineEnd {
  readonly endsInMs: number | null;
  readonly endEpochMs: number | null;
}

/** A checked scope of a reservation. */
export interface HoldScope extends EngineEnd {
  readonly key: string;
  readonly limit: number;
  readonly amount: number;
  /** The first moment of the window; `null`: it is not checked. */
  readonly startEpochMs: number | null;
}

/** A checked reservation. */
export interface HoldInput {
  readonly id: string;
  readonly leaseMs: number;
  /** The epoch that the caller knows; another one refuses the reservation, so that sums are handed in first. `null`: any. */
  readonly epoch: string | null;
  readonly scopes: readonly HoldScope[];
}

/** Reply to a reservation. `sums` include the new hold, in the order of the scopes. */
export type HoldReply = Stamp &
  (
    | { readonly kind: "held"; readonly sums: readonly ScopeSums[] }
    | { readonly kind: "refused"; readonly index: number; readonly sums: ScopeSums; readonly endEpochMs: number | null }
    | { readonly kind: "other-window" }
    | { readonly kind: "other-epoch" }
  );

/** A checked settlement of one window. */
export interface SettleScope extends SettledAmounts, EngineEnd {
  readonly key: string;
}

/** A checked settlement: by scope, or `all` the same. */
export type SettleInput = { readonly id: string } & (
  | { readonly all: SettledAmounts; readonly scopes: null }
  | { readonly all: null; readonly scopes: readonly SettleScope[] }
);

/** Sums of windows that changed or were asked for, with when they end. */
export interface SumsReply extends Stamp {
  readonly windows: readonly (ScopeSums & { readonly key: string; readonly endEpochMs: number | null })[];
}

/** A checked write-off. */
export interface WriteOffInput extends WriteOffBy {
  readonly key: string;
  readonly presumed: number;
}

/** The number of write-offs that are kept: the latest. */
export const KEPT_WRITE_OFFS = 1_000;

/** A question for keys of windows. */
export interface KeysQuery {
  readonly prefix: string;
  /** Of the page before; `null`: the first page. */
  readonly cursor: string | null;
}

/** Some keys, in any order; one may be in several pages. */
export interface KeysPage {
  readonly keys: readonly string[];
  /** For the next page; `null`: this was the last one. */
  readonly cursor: string | null;
}

/** The number of keys of a page, about. */
export const KEYS_PER_PAGE = 1_000;

/** Reply to an `acquire`: the number of the lease, or a delay. */
export type AcquireReply = { readonly lease: string } | { readonly waitMs: number };

/** Input of an `acquire`. */
export interface AcquireInput {
  readonly key: string;
  readonly limit: number;
  readonly ttlMs: number;
  /** Who asks: processes are granted slots in turn. */
  readonly holder: string;
  /** The id of the lease, if it is granted. */
  readonly lease: string;
}

/** Input of a `beat`. */
export interface BeatInput {
  readonly processId: string;
  /** How long the process counts as alive, milliseconds; 0: it has ended. */
  readonly ttlMs: number;
  /** The generation to which this process has sent again what it knows; `null`: it knows nothing, so the current one. */
  readonly settledIn: string | null;
}

/** Reply to a `beat`. */
export interface BeatReply extends Stamp {
  /**
   * Another one means that confirmed writes may be missing: the store was emptied, or another server has it. An engine that cannot know
   * the server has one for each epoch.
   */
  readonly generation: string;
  /** The number of processes that are alive. */
  readonly processes: number;
  /** How many of them have sent again what they know to this generation. */
  readonly settled: number;
}

/** A subscription to facts. */
export interface FactFeed {
  close(): void;
}

/** Callbacks of a subscription to facts. */
export interface FactFeedListener {
  onFact(fact: VendorFact): void;
  /** The subscription has ended; called at most once. */
  onLost(): void;
}

/**
 * The operations that an engine implements, each atomic. Input is checked. Calls fail with `StorageError`. Time limits are applied
 * outside: when `signal` aborts, the call ends soon.
 */
export interface StateEngine {
  readonly kind: SharedStateStatus["engine"];
  readonly location: string;
  reserve(input: HoldInput, signal: AbortSignal): Promise<HoldReply>;
  settle(input: SettleInput, signal: AbortSignal): Promise<SumsReply>;
  sums(keys: readonly string[], signal: AbortSignal): Promise<SumsReply>;
  /** A page of the keys of windows that begin with a text. */
  keys(query: KeysQuery, signal: AbortSignal): Promise<KeysPage>;
  /** Writes off, and adds to the list of write-offs if anything was presumed. */
  writeOff(input: WriteOffInput, signal: AbortSignal): Promise<SumsReply>;
  /** The latest write-offs, the newest first. */
  writeOffs(limit: number, signal: AbortSignal): Promise<readonly WriteOff[]>;
  /** Raises sums to those of an earlier epoch: the largest wins. */
  restore(scopes: readonly SettleScope[], signal: AbortSignal): Promise<SumsReply>;
  acquire(input: AcquireInput, signal: AbortSignal): Promise<AcquireReply>;
  renew(key: string, lease: string, ttlMs: number, signal: AbortSignal): Promise<boolean>;
  release(key: string, lease: string, signal: AbortSignal): Promise<void>;
  say(fact: VendorFact, signal: AbortSignal): Promise<void>;
  facts(signal: AbortSignal): Promise<readonly VendorFact[]>;
  subscribe(listener: FactFeedListener, signal: AbortSignal): Promise<FactFeed>;
  /** Registers a process as alive. */
  beat(input: BeatInput, signal: AbortSignal): Promise<BeatReply>;
  /** The stored value of a name, or this one if there is none. */
  keep(name: string, value: string, signal: AbortSignal): Promise<string>;
  /** Stores the value of a name in place of the one before. */
  remember(name: string, value: string, signal: AbortSignal): Promise<void>;
  /** The remembered names and values that begin with a text. */
  remembered(prefix: string, signal: AbortSignal): Promise<readonly (readonly [name: string, value: string])[]>;
  /** Calls back when there is another connection, also without a failed call: it may be to a replica that took over. Set at most once. */
  onReconnect(listener: () => void): void;
  /** Calls back when calls that wait are waiting for those of other processes: the engine is busy, not away. Set at most once. */
  onProgress(listener: () => void): void;
  close(): Promise<void>;
}
