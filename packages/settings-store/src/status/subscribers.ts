import type { Logger, SystemSettings } from "@babylon/llm-core";
import type { StoreSnapshot } from "../read/snapshot.ts";
import type { CachedSnapshot } from "../read/snapshot-cache.ts";
import { isEqual } from "../schema/merge-patch.ts";
import { callSafely } from "./settings-event.ts";

/** The top-level fields of the settings. */
export type SettingsKey = keyof SystemSettings;

/** What changed between two snapshots. */
export interface SettingsChange {
  readonly changed: readonly SettingsKey[];
  /** `undefined`: there was none. */
  readonly previous: StoreSnapshot | undefined;
}

/** Called once for each version that this process gets to see, after it became readable. */
export type SettingsListener = (snapshot: StoreSnapshot, change: SettingsChange) => void;

/** Who wants to know of changes. */
export interface Subscribers {
  add(listener: SettingsListener): () => void;
  notify(held: CachedSnapshot, previous: CachedSnapshot | undefined): void;
  /** Tells one listener of what is held, as if nothing had been before. */
  notifyOne(listener: SettingsListener, held: CachedSnapshot): void;
  clear(): void;
}

/** A listener that throws does not keep the others from being called. */
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
    notify(held, previous) {
      if (listeners.size === 0) return;
      const change = {
        changed: changedKeys(previous?.snapshot.value, held.snapshot.value),
        previous: previous?.snapshot,
      };
      for (const { listener } of [...listeners]) {
        callSafely(logger, "a subscriber", () => listener(held.snapshot, change));
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

const KEYS: readonly SettingsKey[] = ["order", "providers", "agents"];

/** The top-level fields that differ. */
export function changedKeys(before: SystemSettings | undefined, after: SystemSettings): readonly SettingsKey[] {
  return KEYS.filter((key) => before === undefined || !isEqual(before[key], after[key]));
}
