import { type Env, type Provider, readEnv } from "@babylon/llm-core";

/** The minimum length of a secret: removing shorter ones would damage ordinary words. */
const MIN_LENGTH = 4;

/** The strings that must not be printed: the configured keys and the password of the settings URL. */
export function collectSecrets(
  env: Env,
  providers: readonly Provider[],
  settingsUrl: string | undefined,
): readonly string[] {
  const keys = providers.flatMap(({ envKey }) => readEnv(env, envKey) ?? []);
  const password = settingsUrl === undefined ? "" : (URL.parse(settingsUrl)?.password ?? "");
  return [...keys, password, decoded(password)].filter((secret) => secret.length >= MIN_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Redacts the secrets in a text. Errors contain no keys; this is a second safeguard. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, "[redacted]"), text);
}
