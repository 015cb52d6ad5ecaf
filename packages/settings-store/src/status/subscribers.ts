import type { Logger, SystemSettings } from "@babylon/llm-core";
import type { Held } from "../read/cell.ts";
import type { Snapshot } from "../read/snapshot.ts";
import { isEqual } from "../schema/merge-patch.ts";
import { callSafely } from "./events.ts";

/** The top-level fields of the settings. */
export type SettingsKey = keyof SystemSettings;

/** What changed between two snapshots. */
export interface SettingsChange {
  readonly changed: readonly SettingsKey[];
  /** `undefined`: there was none. */
  readonly previous: Snapshot | undefined;
}

/** Called once for each version that this process gets to see, after it became readable. */
export type SettingsListener = (snapshot: Snapshot, change: SettingsChange) => void;

/** Who wants to know of changes. */
export interface Subscribers {
  add(listener: SettingsListener): () => void;
  tell(held: Held, previous: Held | undefined): void;
  /** Tells one listener of what is held, as if nothing had been before. */
  tellOne(listener: SettingsListener, held: Held): void;
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
    tell(held, previous) {
      if (listeners.size === 0) return;
      const change = {
        changed: changedKeys(previous?.snapshot.value, held.snapshot.value),
        previous: previous?.snapshot,
      };
      for (const { listener } of [...listeners]) {
        callSafely(logger, "a subscriber", () => listener(held.snapshot, change));
      }
    },
    tellOne(listener, { snapshot }) {
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
