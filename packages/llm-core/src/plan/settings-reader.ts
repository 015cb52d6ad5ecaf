import { hasMethods } from "../check/check-client-options.ts";
import type { LLMClientOptions } from "../contract/client-options.ts";
import type { Logger } from "../contract/logger.ts";
import {
  EMPTY_SETTINGS,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "../contract/settings.ts";

/** The settings at a plan, and what was wrong when they were read. */
export interface SettingsReading extends SettingsSnapshot {
  readonly warning: string | null;
}

/** Reads the settings. Never fails: without the source the latest snapshot holds. */
export interface SettingsReader {
  /** Those of this moment. */
  read(): SettingsReading | Promise<SettingsReading>;
  /** Those at hand, without waiting. */
  latest(): SettingsReading;
  /** Those at hand, with a warning: the source does not answer. */
  unanswered(): SettingsReading;
}

function isSource(settings: LLMClientOptions["settings"]): settings is SettingsSource {
  return hasMethods(settings, "get");
}

/** Settings with absent fields filled in. */
export function completeSettings(settings: Partial<SystemSettings> | undefined): SystemSettings {
  return settings === undefined ? EMPTY_SETTINGS : { ...EMPTY_SETTINGS, ...settings };
}

/** Makes the reader of a client. A fixed value has no version. */
export function createSettingsReader(settings: LLMClientOptions["settings"], logger: Logger): SettingsReader {
  if (!isSource(settings)) {
    // A copy: plans are kept for as long as the value is the same object.
    const value = completeSettings(structuredClone(settings));
    const reading: SettingsReading = { value, version: null, warning: null };
    return { read: () => reading, latest: () => reading, unanswered: () => reading };
  }
  const source: SettingsSource = settings;
  let taken: SettingsSnapshot | null = null;
  let latest: SettingsReading = { value: EMPTY_SETTINGS, version: null, warning: null };
  let complained = false;
  let asked = 0;
  let answered = 0;

  function take(snapshot: SettingsSnapshot): SettingsReading {
    if (taken !== snapshot) {
      latest = { value: completeSettings(snapshot.value), version: snapshot.version, warning: null };
      taken = snapshot;
    }
    complained = false;
    return latest;
  }

  function atHand(): SettingsReading | null {
    try {
      const snapshot = source.peek?.();
      return snapshot === undefined ? null : take(snapshot);
    } catch {
      // What cannot be peeked at is asked for.
      return null;
    }
  }

  async function ask(): Promise<SettingsReading> {
    asked += 1;
    const mine = asked;
    try {
      const snapshot = await source.get();
      // An answer that was overtaken is older than what is known.
      if (mine < answered) return latest;
      answered = mine;
      return take(snapshot);
    } catch {
      return unanswered();
    }
  }

  /** A call must not be lost because the settings are out of reach. */
  function unanswered(): SettingsReading {
    if (!complained) logger.warn("the settings cannot be read: the latest known ones hold");
    complained = true;
    return { ...latest, warning: "the settings could not be read: the latest known ones held" };
  }

  return {
    read: () => atHand() ?? ask(),
    latest: () => atHand() ?? latest,
    unanswered,
  };
}
