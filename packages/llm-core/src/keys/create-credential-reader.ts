import { type Env, readEnv } from "../contract/env.ts";
import type { Credentials, Provider } from "../contract/provider.ts";
import { createKeyNamer, type KeyNamer, NO_CREDENTIAL, nameCredentials } from "./create-key-namer.ts";

/** The ids of the keys in use, for one plan, which asks for each provider once. */
export interface CredentialReading {
  /** The id; while the provider's answer is pending, the latest known one. */
  idOf(provider: Provider, credentials: Credentials | null): string;
  /** Resolves with the ids that were pending; `null` when there is nothing to wait for. Never rejects. */
  pending(): Promise<ReadonlyMap<Provider, string>> | null;
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
    let answers: Promise<readonly [Provider, string]>[] | null = null;
    const latestId = (provider: Provider, isOperators: boolean): string =>
      (isOperators ? latest.get(provider) : undefined) ?? NO_CREDENTIAL;

    return {
      idOf(provider, credentials) {
        const isOperators = credentials === null;
        if (!waits && pending.has(provider)) return latestId(provider, isOperators);
        const answer = ask(provider, env, credentials);
        if (typeof answer === "string") return answer;
        const meanwhile = latestId(provider, isOperators);
        const entered = settled(provider, answer, isOperators).then((id) => [provider, id] as const);
        if (waits && !slow.has(provider)) {
          answers ??= [];
          answers.push(entered);
        }
        return meanwhile;
      },
      pending: () => (answers === null ? null : Promise.all(answers).then((ids) => new Map(ids))),
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
