import type { Plan, SystemSettings } from "@babylon/llm-core";
import type { AdminContext } from "../admin-context.ts";
import type { ListedModel, OlderModel, OlderPut, OlderSettings, SettingsPatch } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";

/** The provider that the older page was about. */
export const OLDER_PROVIDER = "wandb";
/** The providers that the older page knew. */
export const OLDER_PROVIDERS: readonly string[] = ["wandb", "groq", "claude", "openai"];

/** The two older fields of some settings. */
export function toOlderSettings(settings: SystemSettings, { providers }: Plan): OlderSettings {
  const stored = Object.hasOwn(settings.providers, OLDER_PROVIDER) ? settings.providers[OLDER_PROVIDER] : undefined;
  const standing = providers.find(({ provider }) => provider === OLDER_PROVIDER);
  return { wandbModel: stored?.model ?? null, wandbEnabled: stored?.enabled ?? standing?.configured ?? false };
}

/** The patch of an older body. */
export function fromOlderPut({ wandbModel, wandbEnabled }: OlderPut): SettingsPatch {
  return {
    providers: {
      [OLDER_PROVIDER]: {
        ...(wandbModel === undefined ? {} : { model: wandbModel }),
        ...(wandbEnabled === undefined ? {} : { enabled: wandbEnabled }),
      },
    },
  };
}

/** Throws `missing_key` when the older provider has no key. @param plan - of the settings in which it is switched on */
export function refuseOlderSwitch({ llm }: AdminContext, { providers }: Plan): void {
  if (providers.find(({ provider }) => provider === OLDER_PROVIDER)?.configured === true) return;
  const variable = llm.providers.find(({ id }) => id === OLDER_PROVIDER)?.envKey ?? "its key";
  throw new AdminError("missing_key", `Cannot enable ${OLDER_PROVIDER} without ${variable} environment variable`);
}

/** A model in the older shape. */
export function toOlderModel({ id, name, description }: ListedModel): OlderModel {
  return { id, name, description: description ?? id };
}
