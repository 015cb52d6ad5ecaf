import type { Env } from "../contract/env.ts";
import type { Credentials } from "../contract/provider.ts";
import { keyedHash } from "./keyed-hash.ts";

/** The credential id of a provider without a key, or whose key is not known. */
export const NO_CREDENTIAL = "";

/** The fingerprint of a key, for `Provider.credentialId`. Cached: the same key again costs a comparison. */
export type KeyFingerprinter = (env: Env, apiKey: string | null | undefined) => string;

/** Creates a {@link KeyFingerprinter} for one provider. It caches the fingerprint of one key, the operator's. */
export function createKeyFingerprinter(): KeyFingerprinter {
  let last: { readonly apiKey: string; readonly secret: string | undefined; readonly id: string } | null = null;
  return (env, apiKey) => {
    if (apiKey === null || apiKey === undefined || apiKey === "") return NO_CREDENTIAL;
    const secret = env.BABYLON_HASH_SECRET;
    if (last === null || last.apiKey !== apiKey || last.secret !== secret) {
      last = { apiKey, secret, id: keyedHash(env, apiKey) };
    }
    return last.id;
  };
}

/** The fingerprint of a tenant's credentials. Not cached. It includes the tenant's base URL: failures there must not affect other tenants. */
export function fingerprintCredentials(env: Env, { apiKey, baseURL }: Credentials): string {
  return keyedHash(env, baseURL === undefined ? apiKey : `${apiKey}\n${baseURL}`);
}
