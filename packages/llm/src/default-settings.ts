import { processEnv, type SettingsSource } from "@babylon/llm-core";
import type { SettingsStore } from "@babylon/settings-store";
import { openStore } from "./open-settings.ts";

let opening: Promise<SettingsStore> | null = null;
let opened: SettingsStore | null = null;

/**
 * The process's default store, opened at the first use: `BABYLON_SETTINGS_URL`, else `sqlite://./data/babylon.db`. All callers share
 * it; after a failure the next call tries to open it again.
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

/** The default store as a lazy source: the first read opens it. */
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

/** Drops the cached settings of the default store, if it is open: the next read queries its backend. */
export function invalidateDefaultStore(): void {
  opened?.invalidate();
}
