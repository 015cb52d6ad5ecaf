import { type ConfigProblem, type Env, redact } from "@babylon/llm-core";
import { clientSecrets } from "../sdk/client-secrets.ts";
import type { Endpoint } from "./create-endpoint.ts";

const ids = new WeakMap<object, string>();

/** The identity of a client: unique for each object and process. */
function idOf(client: object): string {
  let id = ids.get(client);
  if (id === undefined) {
    id = `client-${crypto.randomUUID()}`;
    ids.set(client, id);
  }
  return id;
}

/** The base URL of a client, if it has that property. Only for records: the client itself sends the requests. */
function baseURLOf(client: object): string {
  const baseURL: unknown = Reflect.get(client, "baseURL");
  return typeof baseURL === "string" ? redact(baseURL, clientSecrets(client)) : "";
}

/** Options of {@link createClientEndpoint}. */
export interface ClientEndpointOptions {
  /** The provider's id. */
  readonly provider: string;
  readonly client: object;
  /** Problems with further variables of the vendor. */
  readonly problems?: ((env: Env) => readonly ConfigProblem[]) | undefined;
}

/** Creates the {@link Endpoint} of the caller's SDK client, which has its own key and base URL. Credentials of a call are refused. */
export function createClientEndpoint({ provider, client, problems }: ClientEndpointOptions): Endpoint {
  const refused: readonly ConfigProblem[] = [
    { path: `credentials.${provider}`, expected: "no credentials: this provider uses an SDK client with its own" },
  ];
  const resolved = { apiKey: null, baseURL: baseURLOf(client) };
  return {
    isConfigured: () => true,
    problems: (env, credentials) => (credentials === null ? (problems?.(env) ?? []) : refused),
    credentialId: () => idOf(client),
    resolve(_env, _credentials, signal) {
      signal?.throwIfAborted();
      return resolved;
    },
  };
}
