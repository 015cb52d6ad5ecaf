import type { Logger, SystemSettings } from "@babylon/llm-core";
import { callSafely } from "../errors/call-safely.ts";
import type { StoreSnapshot } from "../read/snapshot.ts";
import type { CachedSnapshot } from "../read/snapshot-cache.ts";
import { isEqual } from "../schema/merge-patch.ts";

/** The top-level fields of the settings. */
export type SettingsKey = keyof SystemSettings;

/** What changed between two snapshots. */
export interface SettingsChange {
  readonly changed: readonly SettingsKey[];
  /** `undefined`: there was no earlier snapshot. */
  readonly previous: StoreSnapshot | undefined;
}

/** Called once for each version that this process loads, after reads return it. */
export type SettingsListener = (snapshot: StoreSnapshot, change: SettingsChange) => void;

/** The listeners of a store. */
export interface Subscribers {
  add(listener: SettingsListener): () => void;
  notify(cached: CachedSnapshot, previous: CachedSnapshot | undefined): void;
  /** Calls one listener with the cached snapshot and without a previous one. */
  notifyOne(listener: SettingsListener, cached: CachedSnapshot): void;
  clear(): void;
}

/** An error of a listener is logged; the other listeners are called all the same. */
export function createSubscribers(logger: Logger): Subscribers {
  const listeners = new Set<{ readonly listener: SettingsListener }>();
  return {
    add(listener) {
      const entry = { listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    notify(cached, previous) {
      if (listeners.size === 0) return;
      const change = {
        changed: changedKeys(previous?.snapshot.value, cached.snapshot.value),
        previous: previous?.snapshot,
      };
      for (const { listener } of [...listeners]) {
        callSafely(logger, "a subscriber", () => listener(cached.snapshot, change));
      }
    },
    notifyOne(listener, { snapshot }) {
      const change = { changed: changedKeys(undefined, snapshot.value), previous: undefined };
      callSafely(logger, "a subscriber", () => listener(snapshot, change));
    },
    clear() {
      listeners.clear();
    },
  };
}

/** Total, so that a new field is not forgotten. */
const KEYS: Readonly<Record<SettingsKey, true>> = {
  order: true,
  providers: true,
  agents: true,
  budgets: true,
  experiments: true,
  tuned: true,
};

/** The top-level fields that differ. */
export function changedKeys(before: SystemSettings | undefined, after: SystemSettings): readonly SettingsKey[] {
  // Its keys are those of the type.
  const keys = Object.keys(KEYS) as SettingsKey[];
  return keys.filter((key) => before === undefined || !isEqual(before[key], after[key]));
}
