import { processEnv, type SettingsSource } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import { openStore } from "./open-settings.ts";

let opening: Promise<SettingsStore> | null = null;
let opened: SettingsStore | null = null;

/**
 * The process's default store, opened at the first use: `BABYLON_SETTINGS_URL`, else `sqlite://./data/babylon.db`. One for all who
 * ask; a failed opening is tried again by the next one.
 */
export function defaultStore(): Promise<SettingsStore> {
  opening ??= openStore(processEnv()).then(
    ({ settings }) => {
      opened = settings;
      return settings;
    },
    (error: unknown) => {
      opening = null;
      throw error;
    },
  );
  return opening;
}

/** The default store as a source that opens it only when it is read. */
export const defaultSettings: SettingsSource = {
  peek: () => opened?.peek(),
  get: async () => (await defaultStore()).get(),
};

/** Closes the default store, if it was opened; the next use opens it again. */
export async function closeDefaultStore(): Promise<void> {
  const store = await opening?.catch(() => null);
  opening = null;
  opened = null;
  await store?.close();
}

/** The next read of the default store asks its backend, if the store is open. */
export function invalidateDefaultStore(): void {
  opened?.invalidate();
}
