import type { CallOptions } from "../contract/call-options.ts";
import { type Env, readEnv } from "../contract/env.ts";
import { ownValue } from "../contract/json.ts";
import type { ConfigProblem, Credentials, Provider } from "../contract/provider.ts";
import type { SystemSettings } from "../contract/settings.ts";
import { NO_CREDENTIAL } from "../keys/create-key-namer.ts";

/** What is asked of a provider, of the environment and of a call for one plan. */
export interface ProviderReading {
  readonly provider: Provider;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is at hand. */
  readonly configured: boolean;
  /** The call's own. */
  readonly credentials: Credentials | null;
  /** Which key it uses; {@link NO_CREDENTIAL} where it is not to be called. */
  readonly credentialId: string;
  /** What is wrong with its key or base URL. */
  readonly problems: readonly ConfigProblem[];
  /** The model that the call names. */
  readonly callModel: string | undefined;
  /** The model that its variable names. */
  readonly variableModel: string | undefined;
}

/** Where the facts about providers come from. */
export interface ProviderSources {
  readonly env: Env;
  readonly settings: SystemSettings;
  readonly options?: Pick<CallOptions, "models" | "credentials"> | undefined;
  /** Which key a provider uses. Asked only of those that have one and are not switched off. */
  credentialIdOf(provider: Provider, credentials: Credentials | null): string;
}

const NO_PROBLEMS: readonly ConfigProblem[] = [];

/** Reads what a plan has to know about a provider. Everything that may change between two plans is read here. */
export function readProvider(provider: Provider, sources: ProviderSources): ProviderReading {
  const { env, settings, options } = sources;
  const { id } = provider;
  const credentials = ownValue(options?.credentials, id) ?? null;
  const enabled = ownValue(settings.providers, id)?.enabled ?? true;
  const configured = credentials !== null || provider.isConfigured(env);
  return {
    provider,
    enabled,
    configured,
    credentials,
    credentialId: enabled && configured ? sources.credentialIdOf(provider, credentials) : NO_CREDENTIAL,
    problems: provider.configProblems?.(env, credentials) ?? NO_PROBLEMS,
    callModel: ownValue(options?.models, id),
    variableModel: readEnv(env, provider.envModel),
  };
}
