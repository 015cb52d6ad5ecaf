import type { SettingsSource } from "@babylon/llm-core";
import type { UpdateOptions } from "./options/update-options.ts";
import type { GetOptions } from "./read/reader.ts";
import type { StoreSnapshot } from "./read/snapshot.ts";
import type { HistoryEntry } from "./record/history.ts";
import type { SettingsPatch } from "./schema/settings-patch.ts";
import type { SettingsStatus } from "./status/status.ts";
import type { SettingsListener } from "./status/subscribers.ts";
import type { ReconcileResult, UpdateResult } from "./write/writer.ts";

/** A change: a merge patch, or a function that makes one from the settings that are stored. */
export type SettingsUpdate =
  | SettingsPatch
  | ((settings: StoreSnapshot["value"]) => SettingsPatch | Promise<SettingsPatch>);

/** The settings that every process of a system shares. Every rejection is a `SettingsError`, after `close` one with code `closed`. */
export interface SettingsStore extends SettingsSource {
  /**
   * The settings at hand, without waiting and without touching the backend. `undefined` when there are none or they want reloading:
   * `settings.peek() ?? (await settings.get())`. While the backend is away, the last known ones.
   */
  peek(): StoreSnapshot | undefined;
  /**
   * The settings: at once while they are fresh, after a load otherwise; the last known ones when the backend is away or slow. Fails
   * with the load's error only when nothing was ever loaded, when it is older than `maxStaleMs`, or with `fresh`.
   */
  get(options?: GetOptions): Promise<StoreSnapshot>;
  /**
   * Changes the settings everywhere. A function, or a patch, is applied again to what others stored meanwhile; with `expectedVersion`
   * that is a `conflict`. A patch that changes nothing writes nothing. A patch names only known fields; what a newer version of this
   * package has stored beside them stays. Takes `updateTimeoutMs` at most, and a write that is under way then. Fails with `invalid`,
   * `conflict`, `unavailable`, `timeout`, `write_unknown`, `corrupt`, `schema_too_new`, or whatever the function throws.
   */
  update(update: SettingsUpdate, options?: UpdateOptions): Promise<UpdateResult>;
  /**
   * Calls back once for each version that this process gets to see, after it became readable; with `immediate`, at once with the one
   * that is held already. Returns what ends it.
   */
  subscribe(listener: SettingsListener, options?: { readonly immediate?: boolean | undefined }): () => void;
  /** The changes that the record remembers, newest first: all, or the latest `limit` (1 or more; anything else is `invalid`). */
  history(options?: { readonly limit?: number | undefined }): Promise<readonly HistoryEntry[]>;
  /** Makes a new version with the settings of an older one. Fails with `invalid` when the history does not reach back to it. */
  rollback(version: number, options?: UpdateOptions): Promise<UpdateResult>;
  /**
   * What became of a write that failed with `write_unknown`. Fails with that code itself when more than 4,096 other writes were made
   * since, so that the record does not reach back to it.
   */
  reconcile(writeId: string): Promise<ReconcileResult>;
  /** Forgets that the settings at hand are fresh: the next read loads, and a load that runs already does not count. */
  invalidate(): void;
  /** Where the settings are stored, how old they are, whether the backend answers. Asks nobody. */
  status(): SettingsStatus;
  /** Lets writes under way end, then lets go of everything. Twice is as good as once. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
