import type { SettingsSnapshot, SettingsSource, SystemSettings } from "@babylon/llm-core";

/** Settings that need no store: a source of one's own, or a fixed value. */
export type GivenSettings = SettingsSource | Partial<SystemSettings>;

/** Settings that never change, in the shape of a source. */
function fixedSettings(given: Partial<SystemSettings>): SettingsSource {
  const value: SystemSettings = { order: null, providers: {}, agents: {}, ...given };
  const snapshot: SettingsSnapshot = Object.freeze({ value, version: null });
  return { peek: () => snapshot, get: async () => snapshot };
}

function isSource(settings: GivenSettings): settings is SettingsSource {
  return "get" in settings && typeof settings.get === "function";
}

/** What was given, as a source. */
export function toSettingsSource(given: GivenSettings): SettingsSource {
  return isSource(given) ? given : fixedSettings(given);
}
