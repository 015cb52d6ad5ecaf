import { type ConfigProblem, type Env, redact } from "@babylon/llm-core";
import { clientSecrets } from "../sdk/client-secrets.ts";
import type { Endpoint } from "./create-endpoint.ts";

const ids = new WeakMap<object, string>();

/** The identity of a client: another one for each object, in each process. */
function idOf(client: object): string {
  let id = ids.get(client);
  if (id === undefined) {
    id = `client-${crypto.randomUUID()}`;
    ids.set(client, id);
  }
  return id;
}

/** Where a client sends requests, as far as it says: only for records, since requests go by the client. */
function baseURLOf(client: object): string {
  const baseURL: unknown = Reflect.get(client, "baseURL");
  return typeof baseURL === "string" ? redact(baseURL, clientSecrets(client)) : "";
}

/** What is needed where an SDK's client of the caller's knows key and address. */
export interface ClientEndpointOptions {
  /** The provider's id. */
  readonly provider: string;
  readonly client: object;
  /** Mistakes in variables of the vendor's, beside key and base URL. */
  readonly problems?: ((env: Env) => readonly ConfigProblem[]) | undefined;
}

/** The {@link Endpoint} of a client of the caller's. A call's own credentials are refused: the client has its own. */
export function createClientEndpoint({ provider, client, problems }: ClientEndpointOptions): Endpoint {
  const refused: readonly ConfigProblem[] = [
    { path: `credentials.${provider}`, expected: "no credentials: this provider uses an SDK client with its own" },
  ];
  const at = { apiKey: null, baseURL: baseURLOf(client) };
  return {
    isConfigured: () => true,
    problems: (env, credentials) => (credentials === null ? (problems?.(env) ?? []) : refused),
    credentialId: () => idOf(client),
    resolve(_env, _credentials, signal) {
      signal?.throwIfAborted();
      return at;
    },
  };
}
