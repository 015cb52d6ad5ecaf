import { type Env, processEnv, readEnv, type SettingsSnapshot } from "@babylon/llm-core";
import type { OlderSettings } from "./schema/older-settings.ts";

/** What the older functions need of a store. */
export interface AIModelConfigSource {
  /** The settings. Rejects when nothing was ever loaded and nothing can be. */
  get(): Promise<SettingsSnapshot>;
  /** The next `get` asks the backend. */
  invalidate?(): void;
}

/** The functions that callers of the older system know. */
export interface AIModelConfig {
  /**
   * The model and the switch of Weights & Biases. Model: what is stored, else `WANDB_MODEL`, else `null`. Switch: what is stored, else
   * whether `WANDB_API_KEY` is set.
   */
  getAIModelConfig(): Promise<OlderSettings>;
  /** The model to use; `undefined` when the switch is off or no model is named anywhere. */
  getWandbModel(): Promise<string | undefined>;
  /** The next call asks the backend. */
  clearAIModelConfigCache(): void;
}

/**
 * The older functions over a settings store. Their shapes are the older ones; what was wrong is not: switched off means no model,
 * whatever the variable says; a model that is stored while the switch is off is kept; while the backend is away the last known values
 * stay; the environment is read at each call and never written. Both reads reject with the store's error when nothing was ever loaded,
 * because any answer would be a guess.
 *
 * @param settings - a settings store
 * @param env - default: the process environment
 */
export function createAIModelConfig(settings: AIModelConfigSource, env: Env = processEnv()): AIModelConfig {
  async function getAIModelConfig(): Promise<OlderSettings> {
    const { value } = await settings.get();
    const wandb = value.providers.wandb;
    return {
      wandbModel: wandb?.model ?? readEnv(env, "WANDB_MODEL") ?? null,
      wandbEnabled: wandb?.enabled ?? readEnv(env, "WANDB_API_KEY") !== undefined,
    };
  }

  return {
    getAIModelConfig,
    async getWandbModel() {
      const { wandbModel, wandbEnabled } = await getAIModelConfig();
      return wandbEnabled ? (wandbModel ?? undefined) : undefined;
    },
    clearAIModelConfigCache() {
      settings.invalidate?.();
    },
  };
}
