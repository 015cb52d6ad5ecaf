import { type Env, readEnv } from "../../contract/env.ts";
import type { Credentials, Provider } from "../../contract/provider.ts";

/** Whose endpoint it is. */
interface EndpointOwner {
  readonly provider: Provider;
  readonly credentials: Credentials | null;
}

/**
 * The endpoints that adapters have reported. An endpoint is that of a base URL, which comes from the call's credentials, the factory or the
 * environment: if none of them has changed, the endpoint of the next attempt is known before its request.
 */
export interface KnownEndpoints {
  /** `null`: not known. */
  find(owner: EndpointOwner, env: Env): string | null;
  note(owner: EndpointOwner, env: Env, endpoint: string | null): void;
}

/** The base URL as far as it can change between two attempts at a provider. */
const baseURLOf = ({ provider, credentials }: EndpointOwner, env: Env): string | undefined =>
  credentials?.baseURL ?? readEnv(env, provider.envBaseURL);

/** Creates {@link KnownEndpoints}. It has the latest endpoint of each provider. */
export function createKnownEndpoints(): KnownEndpoints {
  const latest = new WeakMap<Provider, { readonly baseURL: string | undefined; readonly endpoint: string | null }>();
  return {
    find(owner, env) {
      const known = latest.get(owner.provider);
      if (known === undefined) return null;
      if (known.baseURL === baseURLOf(owner, env)) return known.endpoint;
      latest.delete(owner.provider);
      return null;
    },
    note(owner, env, endpoint) {
      // Found by this attempt, or noted since: the environment is read once an attempt, which takes longer than the rest.
      if (latest.get(owner.provider)?.endpoint === endpoint) return;
      latest.set(owner.provider, { baseURL: baseURLOf(owner, env), endpoint });
    },
  };
}
