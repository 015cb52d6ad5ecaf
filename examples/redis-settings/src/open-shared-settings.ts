import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";

/** The settings of this example, under a separate key, so that those of your services do not change. */
export function openSharedSettings(url: string): Promise<SettingsStore> {
  return createSettingsStore({ url, key: "babylon.settings.example" });
}
