import { type Credentials, type Env, readEnv } from "@babylon/llm-core";

/** A key, or a function that returns it. The function is called for each plan of a call, so a key can change while the service runs. */
export type ApiKey = string | (() => string | Promise<string>);

/** Where a provider's key can come from, besides a call's credentials. */
export interface KeySources {
  /** The provider's id, used in the paths of problems: `wandb.apiKey`. */
  readonly provider: string;
  readonly apiKey?: ApiKey | undefined;
  readonly envKey: string | null;
}

/** The key in use. */
export interface ChosenKey {
  /** `null`: there is none. */
  readonly value: ApiKey | null;
  /** The path of a problem with the key; `null`: nothing to check, or it was checked with the options. */
  readonly path: string | null;
}

const NO_KEY: ChosenKey = { value: null, path: null };

/** Which key is used: that of the call's credentials, else of the factory's options, else of the environment. */
export function chooseKey(
  { provider, apiKey, envKey }: KeySources,
  env: Env,
  credentials: Credentials | null,
): ChosenKey {
  if (credentials !== null) return { value: credentials.apiKey, path: `credentials.${provider}.apiKey` };
  if (apiKey !== undefined) return { value: apiKey, path: null };
  const value = readEnv(env, envKey);
  return value === undefined ? NO_KEY : { value, path: envKey };
}
