import type { SettingsSource } from "@babylon/llm-core";
import type { UpdateOptions } from "./options/update-options.ts";
import type { GetOptions } from "./read/reader.ts";
import type { StoreSnapshot } from "./read/snapshot.ts";
import type { HistoryEntry } from "./record/history.ts";
import type { SettingsPatch } from "./schema/settings-patch.ts";
import type { SettingsStatus } from "./status/status.ts";
import type { SettingsListener } from "./status/subscribers.ts";
import type { ReconcileResult, UpdateResult } from "./write/writer.ts";

/** A change: a merge patch, or a function that returns one for the stored settings. */
export type SettingsUpdate =
  | SettingsPatch
  | ((settings: StoreSnapshot["value"]) => SettingsPatch | Promise<SettingsPatch>);

/** The settings that all processes of a system share. Every rejection is a `SettingsError`; after `close` its code is `closed`. */
export interface SettingsStore extends SettingsSource {
  /**
   * The cached settings, without I/O. `undefined` when there are none or they have to be loaded again:
   * `settings.peek() ?? (await settings.get())`. While the backend is unavailable, the last known settings.
   */
  peek(): StoreSnapshot | undefined;
  /**
   * The settings: from the cache while they are fresh, else after a load; the last known settings when the backend is unavailable or slow.
   * Fails with the error of the load only when nothing was loaded yet, when the settings are older than `maxStaleMs`, or with `fresh`.
   */
  get(options?: GetOptions): Promise<StoreSnapshot>;
  /**
   * Changes the settings for all processes. When another writer commits first, the patch or function is applied again to the new settings;
   * with `expectedVersion` the update fails with `conflict` instead. A patch that changes nothing writes nothing. A patch may name known
   * fields only; fields that a newer version of this package stored are kept. Takes at most `updateTimeoutMs`, plus a write in flight at
   * that time. Fails with `invalid`, `conflict`, `unavailable`, `timeout`, `write_unknown`, `corrupt`, `schema_too_new`, or the error that
   * the function throws.
   */
  update(update: SettingsUpdate, options?: UpdateOptions): Promise<UpdateResult>;
  /**
   * Calls back once for each version that this process loads, after reads return it; with `immediate`, also at once with the cached
   * version. Returns a function that unsubscribes.
   */
  subscribe(listener: SettingsListener, options?: { readonly immediate?: boolean | undefined }): () => void;
  /** The changes in the record's history, newest first: all, or the latest `limit` (1 or more; anything else is `invalid`). */
  history(options?: { readonly limit?: number | undefined }): Promise<readonly HistoryEntry[]>;
  /** Commits a new version with the settings of an older one. Fails with `invalid` when the history no longer contains that version. */
  rollback(version: number, options?: UpdateOptions): Promise<UpdateResult>;
  /**
   * The outcome of a write that failed with `write_unknown`. Fails with the same code when more than 4,096 other writes followed, so that
   * the record no longer contains it.
   */
  reconcile(writeId: string): Promise<ReconcileResult>;
  /** Marks the cached settings stale: the next read waits for a load that starts after this call. */
  invalidate(): void;
  /** Where the settings are stored, how old they are, and whether loads succeed. Does no I/O. */
  status(): SettingsStatus;
  /** Waits for writes in flight, then releases all resources. Idempotent. */
  close(): Promise<void>;
  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
