import type { AIModelConfig } from "@babylon/settings-store";
import { defaultStore, invalidateDefaultStore } from "./default-settings.ts";

async function config(): Promise<AIModelConfig> {
  const store = await defaultStore();
  // The store has loaded this module already.
  const { createAIModelConfig } = await import("@babylon/settings-store");
  return createAIModelConfig(store);
}

/** The stored state and model of W&B, with the environment as fallback. Opens the default store at the first call. */
export async function getAIModelConfig(): ReturnType<AIModelConfig["getAIModelConfig"]> {
  return (await config()).getAIModelConfig();
}

/** The model for calls to W&B; `undefined` if W&B is disabled or no model is set. Opens the default store at the first call. */
export async function getWandbModel(): Promise<string | undefined> {
  return (await config()).getWandbModel();
}

/** Drops the cached settings: the next read of the default store queries its backend. Does nothing if the store is not open. */
export function clearAIModelConfigCache(): void {
  invalidateDefaultStore();
}
