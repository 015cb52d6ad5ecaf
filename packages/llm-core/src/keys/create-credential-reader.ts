import { type Env, readEnv } from "../contract/env.ts";
import type { Credentials, Provider } from "../contract/provider.ts";
import {
  createKeyFingerprinter,
  fingerprintCredentials,
  type KeyFingerprinter,
  NO_CREDENTIAL,
} from "./create-key-fingerprinter.ts";

/** The ids of the keys in use, for one plan. The plan calls `idOf` once for each provider. */
export interface CredentialReading {
  /** The id of a provider's key; the last known one while the provider loads it. */
  idOf(provider: Provider, credentials: Credentials | null): string;
  /** Resolves with the ids that were still loading; `null`: none were. Never rejects. */
  pending(): Promise<ReadonlyMap<Provider, string>> | null;
}

/** Gets the ids of the keys in use from the providers. */
export interface CredentialReader {
  /** For a plan that waits for ids that are loaded asynchronously. */
  read(env: Env): CredentialReading;
  /** For a plan that does not wait. Providers whose id is still loading are not called again. */
  readCached(env: Env): CredentialReading;
  /** Marks the providers that are still loading as slow: no call waits for them until they have answered. */
  stopWaiting(): void;
}

/** Creates the {@link CredentialReader} of a client. */
export function createCredentialReader(): CredentialReader {
  const fingerprinters = new Map<Provider, KeyFingerprinter>();
  /** The last known id of the operator's key, for each provider that loads it asynchronously. */
  const lastIds = new Map<Provider, string>();
  /** Number of pending loads. */
  const pending = new Map<Provider, number>();
  const slow = new Set<Provider>();

  function readId(provider: Provider, env: Env, credentials: Credentials | null): string | Promise<string> {
    if (provider.credentialId !== undefined) {
      try {
        return provider.credentialId(env, credentials);
      } catch {
        return NO_CREDENTIAL;
      }
    }
    if (credentials !== null) return fingerprintCredentials(env, credentials);
    let fingerprint = fingerprinters.get(provider);
    if (fingerprint === undefined) {
      fingerprint = createKeyFingerprinter();
      fingerprinters.set(provider, fingerprint);
    }
    return fingerprint(env, readEnv(env, provider.envKey));
  }

  /** Waits for an id and caches it for plans that do not wait. {@link NO_CREDENTIAL} if loading fails. */
  async function load(provider: Provider, loading: Promise<string>, isOperatorKey: boolean): Promise<string> {
    pending.set(provider, (pending.get(provider) ?? 0) + 1);
    let id = NO_CREDENTIAL;
    try {
      id = await loading;
    } catch {
      // The attempt loads the key again and fails with the reason.
    }
    const remaining = (pending.get(provider) ?? 1) - 1;
    if (remaining === 0) pending.delete(provider);
    else pending.set(provider, remaining);
    slow.delete(provider);
    if (isOperatorKey) lastIds.set(provider, id);
    return id;
  }

  function begin(env: Env, waits: boolean): CredentialReading {
    let loads: Promise<readonly [Provider, string]>[] | null = null;
    const lastId = (provider: Provider, isOperatorKey: boolean): string =>
      (isOperatorKey ? lastIds.get(provider) : undefined) ?? NO_CREDENTIAL;

    return {
      idOf(provider, credentials) {
        const isOperatorKey = credentials === null;
        if (!waits && pending.has(provider)) return lastId(provider, isOperatorKey);
        const id = readId(provider, env, credentials);
        if (typeof id === "string") return id;
        const cachedId = lastId(provider, isOperatorKey);
        const entry = load(provider, id, isOperatorKey).then((loaded) => [provider, loaded] as const);
        if (waits && !slow.has(provider)) {
          loads ??= [];
          loads.push(entry);
        }
        return cachedId;
      },
      pending: () => (loads === null ? null : Promise.all(loads).then((ids) => new Map(ids))),
    };
  }

  return {
    read: (env) => begin(env, true),
    readCached: (env) => begin(env, false),
    stopWaiting() {
      for (const provider of pending.keys()) slow.add(provider);
    },
  };
}
