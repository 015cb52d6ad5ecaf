import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import { applySettingsPatch } from "@babylon/settings-store/patch";
import type { AdminChange, AdminSettings, AdminSnapshot, AdminUpdate, AdminUpdateOptions } from "../admin-shapes.ts";
import type { HistoryItem, SettingsPatch } from "../contract.ts";

/** {@link memorySettings} with injectable failures. */
export interface MemorySettings extends AdminSettings {
  peek(): AdminSnapshot;
  /** Thrown by every method. */
  fail: Error | null;
}

/** Settings in memory with versions and a history, for tests of the users of a store. */
export function memorySettings(initial: SystemSettings = EMPTY_SETTINGS): MemorySettings {
  let snapshot: AdminSnapshot = { value: initial, version: 0, updatedAt: null, updatedBy: null };
  const history: HistoryItem[] = [];

  function refuse({ expectedVersion }: AdminUpdateOptions): void {
    if (store.fail !== null) throw store.fail;
    if (expectedVersion !== undefined && expectedVersion !== snapshot.version) {
      throw Object.assign(new Error("conflict"), { code: "conflict" });
    }
  }

  function commit(value: SystemSettings, patch: SettingsPatch, { actor, reason }: AdminUpdateOptions): AdminUpdate {
    const version = (snapshot.version ?? 0) + 1;
    const at = new Date(1_700_000_000_000 + version).toISOString();
    snapshot = { value, version, updatedAt: at, updatedBy: actor };
    history.unshift({ version, at, by: actor, reason: reason ?? null, patch, settings: value });
    return { snapshot };
  }

  const store = {
    fail: null as Error | null,
    peek: () => snapshot,
    async get() {
      if (store.fail !== null) throw store.fail;
      return snapshot;
    },
    async update(change: AdminChange, options: AdminUpdateOptions) {
      for (;;) {
        refuse(options);
        const base = snapshot;
        const patch = await change(base.value);
        if (snapshot === base) return commit(applySettingsPatch(base.value, patch), patch, options);
      }
    },
    async history({ limit }: { readonly limit?: number } = {}) {
      return history.slice(0, limit);
    },
    async rollback(version: number, options: AdminUpdateOptions) {
      refuse(options);
      const value = history.find((entry) => entry.version === version)?.settings ?? initial;
      return commit(value, {}, options);
    },
  };
  return store;
}
