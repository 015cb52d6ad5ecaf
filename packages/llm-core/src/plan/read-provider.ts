import type { CallOptions } from "../contract/call-options.ts";
import { type Env, readEnv } from "../contract/env.ts";
import { ownValue } from "../contract/json.ts";
import type { ConfigProblem, Credentials, Provider } from "../contract/provider.ts";
import type { SystemSettings } from "../contract/settings.ts";
import { NO_CREDENTIAL } from "../keys/create-key-fingerprinter.ts";

/** The inputs of one plan about one provider, read from the provider, the environment and the call. */
export interface ProviderReading {
  readonly provider: Provider;
  /** `false`: an operator switched it off. */
  readonly enabled: boolean;
  /** Whether a key is available. */
  readonly configured: boolean;
  /** The credentials of the call's options. */
  readonly credentials: Credentials | null;
  /** The id of the key in use; {@link NO_CREDENTIAL} for a provider that is off or has no key. */
  readonly credentialId: string;
  /** Mistakes in its key or base URL. */
  readonly problems: readonly ConfigProblem[];
  /** The model that the call names. */
  readonly callModel: string | undefined;
  /** The model that its environment variable names. */
  readonly variableModel: string | undefined;
}

/** Sources of a {@link ProviderReading}. */
export interface ProviderSources {
  readonly env: Env;
  readonly settings: SystemSettings;
  readonly options?: Pick<CallOptions, "models" | "credentials"> | undefined;
  /** The id of the key in use. Called only for providers that have a key and are enabled. */
  credentialIdOf(provider: Provider, credentials: Credentials | null): string;
}

const NO_PROBLEMS: readonly ConfigProblem[] = [];

/** Reads the inputs of a plan about one provider. All values that may change between two plans are read here. */
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
