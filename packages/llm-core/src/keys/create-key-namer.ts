import type { Env } from "../contract/env.ts";
import type { Credentials } from "../contract/provider.ts";
import { keyedHash } from "./keyed-hash.ts";

/** The id of a provider that uses no key, or whose key is not known. */
export const NO_CREDENTIAL = "";

/** The id of a key, for `Provider.credentialId`; the same key again costs a comparison. */
export type KeyNamer = (env: Env, apiKey: string | null | undefined) => string;

/** Creates a {@link KeyNamer}. Each provider has its own: it remembers one key, the operator's. */
export function createKeyNamer(): KeyNamer {
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

/** The id of a tenant's credentials. Not remembered. A base URL of the tenant's own is part of it: what fails there fails nobody else. */
export function nameCredentials(env: Env, { apiKey, baseURL }: Credentials): string {
  return keyedHash(env, baseURL === undefined ? apiKey : `${apiKey}\n${baseURL}`);
}
