import type { SettingsSource, SystemSettings } from "@babylon/llm-core";

/** The settings that a tick uses. */
export interface TickSettings {
  readonly value: SystemSettings;
  readonly version: number | null;
}

/** Reads the current settings, given as a value or as a source. */
export async function loadSettings(settings: SettingsSource | SystemSettings): Promise<TickSettings> {
  return "get" in settings ? await settings.get() : { value: settings, version: null };
}

/** The W&B model that an operator chose; `null`: none. */
export function wandbModelOf(settings: SystemSettings): string | null {
  return settings.providers.wandb?.model ?? null;
}

/**
 * The models a call names. The operator's W&B model goes with every call, except that of an agent with settings of its own, which
 * the client applies itself.
 */
export function modelsFor(settings: SystemSettings, agent: string | undefined): Record<string, string> | undefined {
  const model = wandbModelOf(settings);
  if (model === null || (agent !== undefined && Object.hasOwn(settings.agents, agent))) return undefined;
  return { wandb: model };
}
