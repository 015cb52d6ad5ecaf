import { hasMethods } from "../check/check-client-options.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import type { Logger } from "../contract/logger.ts";
import {
  EMPTY_SETTINGS,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "../contract/settings.ts";

/** The settings of one plan; `warning`: why the source could not be read. */
export interface SettingsReading extends SettingsSnapshot {
  readonly warning: string | null;
}

/** Reads the settings. Never fails: if the source is unavailable, the last known settings apply. */
export interface SettingsReader {
  /** The current settings. */
  read(): SettingsReading | Promise<SettingsReading>;
  /** The cached settings, synchronously. */
  cached(): SettingsReading;
  /** The cached settings with a warning that the source does not answer. */
  stale(): SettingsReading;
}

function isSource(settings: LLMClientOptions["settings"]): settings is SettingsSource {
  return hasMethods(settings, "get");
}

/** Fills in absent fields of settings. */
export function completeSettings(settings: Partial<SystemSettings> | undefined): SystemSettings {
  return settings === undefined ? EMPTY_SETTINGS : { ...EMPTY_SETTINGS, ...settings };
}

/** Creates the settings reader of a client. A fixed value has no version. */
export function createSettingsReader(settings: LLMClientOptions["settings"], logger: Logger): SettingsReader {
  if (!isSource(settings)) {
    // A copy: plans are cached by the identity of the value, so it must not change.
    const value = completeSettings(structuredClone(settings));
    const reading: SettingsReading = { value, version: null, warning: null };
    return { read: () => reading, cached: () => reading, stale: () => reading };
  }
  const source: SettingsSource = settings;
  let snapshotInUse: SettingsSnapshot | null = null;
  let current: SettingsReading = { value: EMPTY_SETTINGS, version: null, warning: null };
  let isWarned = false;
  let lastRequest = 0;
  let lastAnswered = 0;

  function accept(snapshot: SettingsSnapshot): SettingsReading {
    if (snapshotInUse !== snapshot) {
      current = { value: completeSettings(snapshot.value), version: snapshot.version, warning: null };
      snapshotInUse = snapshot;
    }
    isWarned = false;
    return current;
  }

  function peek(): SettingsReading | null {
    try {
      const snapshot = source.peek?.();
      return snapshot === undefined ? null : accept(snapshot);
    } catch {
      // `get` is the fallback.
      return null;
    }
  }

  async function load(): Promise<SettingsReading> {
    lastRequest += 1;
    const request = lastRequest;
    try {
      const snapshot = await source.get();
      // A later request was answered earlier: this answer is older than the current settings.
      if (request < lastAnswered) return current;
      lastAnswered = request;
      return accept(snapshot);
    } catch {
      return stale();
    }
  }

  function stale(): SettingsReading {
    if (!isWarned) logger.warn("the settings cannot be read; the last known settings apply");
    isWarned = true;
    return { ...current, warning: "the settings could not be read; the last known settings were used" };
  }

  return {
    read: () => peek() ?? load(),
    cached: () => peek() ?? current,
    stale,
  };
}
