import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import type { AdminSettings, AdminSnapshot, AdminUpdateOptions } from "../admin-shapes.ts";
import type { HistoryItem, SettingsPatch } from "../contract.ts";
import { applySettingsPatch } from "../patch.ts";

/** {@link memorySettings}, and a way to break them. */
export interface MemorySettings extends AdminSettings {
  peek(): AdminSnapshot;
  /** Thrown by everything. */
  fail: Error | null;
}

/** Settings in memory with versions and a history, for tests of what stands above a store. */
export function memorySettings(initial: SystemSettings = EMPTY_SETTINGS): MemorySettings {
  let snapshot: AdminSnapshot = { value: initial, version: 0, updatedAt: null, updatedBy: null };
  const history: HistoryItem[] = [];

  function commit(value: SystemSettings, patch: SettingsPatch, { actor, expectedVersion, reason }: AdminUpdateOptions) {
    if (store.fail !== null) throw store.fail;
    if (expectedVersion !== undefined && expectedVersion !== snapshot.version) {
      throw Object.assign(new Error("conflict"), { code: "conflict" });
    }
    const version = (snapshot.version ?? 0) + 1;
    const at = new Date(1_700_000_000_000 + version).toISOString();
    snapshot = { value, version, updatedAt: at, updatedBy: actor };
    history.unshift({ version, at, by: actor, reason: reason ?? null, patch, settings: value });
  }

  const store = {
    fail: null as Error | null,
    peek: () => snapshot,
    async get() {
      if (store.fail !== null) throw store.fail;
      return snapshot;
    },
    async update(patch: SettingsPatch, options: AdminUpdateOptions) {
      commit(applySettingsPatch(snapshot.value, patch), patch, options);
    },
    async history() {
      return history;
    },
    async rollback(version: number, options: AdminUpdateOptions) {
      const value = history.find((entry) => entry.version === version)?.settings ?? initial;
      commit(value, {}, options);
    },
  };
  return store;
}
