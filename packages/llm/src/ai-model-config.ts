import type { AIModelConfig } from "@babylon/settings-store";
import { defaultStore, invalidateDefaultStore } from "./default-settings.ts";

async function config(): Promise<AIModelConfig> {
  const store = await defaultStore();
  // Loaded by now, with the store.
  const { createAIModelConfig } = await import("@babylon/settings-store");
  return createAIModelConfig(store);
}

/** The stored switch and model of W&B, with the environment behind them. Opens the default store at the first call. */
export async function getAIModelConfig(): ReturnType<AIModelConfig["getAIModelConfig"]> {
  return (await config()).getAIModelConfig();
}

/** The model that W&B is to be called with; `undefined` when it is switched off or none is named. Opens the default store at the first call. */
export async function getWandbModel(): Promise<string | undefined> {
  return (await config()).getWandbModel();
}

/** The next read of the default store asks its backend. Does nothing while it is not open. */
export function clearAIModelConfigCache(): void {
  invalidateDefaultStore();
}
