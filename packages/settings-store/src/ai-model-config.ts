import { type Env, processEnv, readEnv, type SettingsSnapshot } from "@babylon/llm-core";
import type { OlderSettings } from "./schema/older-settings.ts";

/** The part of a settings store that these functions use. */
export interface AIModelConfigSource {
  /** The settings. Rejects when nothing was loaded yet and loading fails. */
  get(): Promise<SettingsSnapshot>;
  /** Makes the next `get` load from the backend. */
  invalidate?(): void;
}

/** The functions of the older system. */
export interface AIModelConfig {
  /**
   * The model and the switch of Weights & Biases. Model: the stored one, else `WANDB_MODEL`, else `null`. Switch: the stored one, else
   * whether `WANDB_API_KEY` is set.
   */
  getAIModelConfig(): Promise<OlderSettings>;
  /** The model to use; `undefined` when the switch is off or no model is configured. */
  getWandbModel(): Promise<string | undefined>;
  /** Makes the next call load from the backend. */
  clearAIModelConfigCache(): void;
}

/**
 * Implements the functions of the older system on a settings store. They keep their signatures, and differ from the older implementation:
 * no model is used while the switch is off, even if the variable names one; the stored model is kept while the switch is off; the last
 * known values are returned while the backend is unavailable; the environment is read at each call and never written. Both reads reject
 * with the store's error when nothing was loaded yet.
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
