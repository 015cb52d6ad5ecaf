import { type Env, type Provider, readEnv } from "@babylon/llm-core";

/** The shortest text that is taken for a secret: to remove shorter ones would spoil innocent words. */
const SHORTEST = 4;

/** What must not be printed: the keys at hand and the password of the settings' URL. */
export function collectSecrets(
  env: Env,
  providers: readonly Provider[],
  settingsUrl: string | undefined,
): readonly string[] {
  const keys = providers.flatMap(({ envKey }) => readEnv(env, envKey) ?? []);
  const password = settingsUrl === undefined ? "" : (URL.parse(settingsUrl)?.password ?? "");
  return [...keys, password, decoded(password)].filter((secret) => secret.length >= SHORTEST);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text without these secrets. Errors come without keys anyway; this is for what nobody thought of. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, "[redacted]"), text);
}
