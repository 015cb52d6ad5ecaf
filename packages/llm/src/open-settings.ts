import type { Env, SettingsSource } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import { type GivenSettings, toSettingsSource } from "./given-settings.ts";

/** Where the settings come from: nothing (the default store), a store's URL, a source of one's own, or a fixed value. */
export type SettingsOption = string | GivenSettings | undefined;

/** The settings a client was given, and how to let go of what was opened for it. */
export interface OpenedSettings<S> {
  readonly settings: S;
  close(): Promise<void>;
}

const nothingToClose = async (): Promise<void> => {};

/** Opens a store by URL; without one by `BABYLON_SETTINGS_URL`, else a SQLite file below the working directory. */
export async function openStore(env: Env, url?: string): Promise<OpenedSettings<SettingsStore>> {
  // Imported lazily: a client with other settings does not need it.
  const { createSettingsStore } = await import("@babylon/settings-store");
  const settings = await createSettingsStore({ env, ...(url === undefined ? {} : { url }) });
  return { settings, close: () => settings.close() };
}

/** Settles the settings option. Throws what `createSettingsStore` throws. */
export async function openSettings(
  given: SettingsOption,
  env: Env,
): Promise<OpenedSettings<SettingsStore | SettingsSource>> {
  if (given === undefined || typeof given === "string") return openStore(env, given);
  return { settings: toSettingsSource(given), close: nothingToClose };
}
