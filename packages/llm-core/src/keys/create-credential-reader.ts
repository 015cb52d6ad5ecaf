import { type Env, readEnv } from "../env.ts";
import type { Credentials, Provider } from "../provider.ts";
import { createKeyNamer, type KeyNamer, NO_CREDENTIAL, nameCredentials } from "./create-key-namer.ts";

/** The ids of the keys in use, for one plan: each provider is asked once. */
export interface CredentialReading {
  /** The id, or the latest known one while the provider's answer is pending. */
  idOf(provider: Provider, credentials: Credentials | null): string;
  /** Resolves when the pending answers have come; `null` when there is nothing to wait for. Never rejects. */
  pending(): Promise<unknown> | null;
}

/** Asks providers which key they use. */
export interface CredentialReader {
  /** For a plan that waits for answers. */
  read(env: Env): CredentialReading;
  /** For a plan that does not. Providers that have not answered yet are not asked again. */
  readWithout(env: Env): CredentialReading;
  /** A call went on without the answers that are pending: until a provider has answered, no other call waits for it. */
  stopWaiting(): void;
}

/** Creates a {@link CredentialReader}, which lives as long as its client. */
export function createCredentialReader(): CredentialReader {
  const namers = new Map<Provider, KeyNamer>();
  /** The latest id of the operator's key, of each provider that answers asynchronously. */
  const latest = new Map<Provider, string>();
  /** How many answers are pending. */
  const pending = new Map<Provider, number>();
  const slow = new Set<Provider>();

  function ask(provider: Provider, env: Env, credentials: Credentials | null): string | Promise<string> {
    if (provider.credentialId !== undefined) {
      try {
        return provider.credentialId(env, credentials);
      } catch {
        return NO_CREDENTIAL;
      }
    }
    if (credentials !== null) return nameCredentials(env, credentials);
    let nameKey = namers.get(provider);
    if (nameKey === undefined) {
      nameKey = createKeyNamer();
      namers.set(provider, nameKey);
    }
    return nameKey(env, readEnv(env, provider.envKey));
  }

  /** The answer, whatever comes of it, and entered for plans that do not wait. */
  async function settled(provider: Provider, answer: Promise<string>, isOperators: boolean): Promise<string> {
    pending.set(provider, (pending.get(provider) ?? 0) + 1);
    let id = NO_CREDENTIAL;
    try {
      id = await answer;
    } catch {
      // Which key it is stays unknown; the attempt fails with the reason.
    }
    const left = (pending.get(provider) ?? 1) - 1;
    if (left === 0) pending.delete(provider);
    else pending.set(provider, left);
    slow.delete(provider);
    if (isOperators) latest.set(provider, id);
    return id;
  }

  function begin(env: Env, waits: boolean): CredentialReading {
    const ids = new Map<Provider, string>();
    const answers: Promise<unknown>[] = [];
    return {
      idOf(provider, credentials) {
        const known = ids.get(provider);
        if (known !== undefined) return known;
        const meanwhile = (credentials === null ? latest.get(provider) : undefined) ?? NO_CREDENTIAL;
        const answer = waits || !pending.has(provider) ? ask(provider, env, credentials) : meanwhile;
        if (typeof answer === "string") {
          ids.set(provider, answer);
          return answer;
        }
        ids.set(provider, meanwhile);
        const entered = settled(provider, answer, credentials === null).then((id) => ids.set(provider, id));
        if (waits && !slow.has(provider)) answers.push(entered);
        return meanwhile;
      },
      pending: () => (answers.length === 0 ? null : Promise.all(answers)),
    };
  }

  return {
    read: (env) => begin(env, true),
    readWithout: (env) => begin(env, false),
    stopWaiting() {
      for (const provider of pending.keys()) slow.add(provider);
    },
  };
}
