import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";

/** The settings of this example, under a key of their own: those of your services stay as they are. */
export function openSharedSettings(url: string): Promise<SettingsStore> {
  return createSettingsStore({ url, key: "babylon.settings.example" });
}
