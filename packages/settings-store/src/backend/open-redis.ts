import { invalidOption, SettingsError } from "../settings-error.ts";
import type { Backend } from "./backend.ts";
import type { AdapterClass } from "./import-adapter.ts";
import { createRedisBackend } from "./redis-backend.ts";
import { isRedisClient, type RedisClient } from "./redis-client.ts";

/** Longest wait for a connection, milliseconds. The store's own limits are shorter; this one ends what they gave up. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Clients of the store's own after the model of another client. They do not reconnect by themselves, because attempts on a server that
 * is down are paced by the store, and they queue nothing, because what is sent late is not wanted any more.
 */
export function duplicateClient(model: RedisClient): RedisClient {
  const socket = { ...model.options?.socket, reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS };
  return model.duplicate({ socket, disableOfflineQueue: true });
}

/** Opens a URL with `@keyv/redis` 5 or 6. */
export function createOwnRedisBackend(
  Adapter: AdapterClass,
  { url, location }: { readonly url: string; readonly location: string },
  at: string,
  key: string,
): Backend {
  const model = modelClient(Adapter, url, at);
  return createRedisBackend({ createClient: () => duplicateClient(model), key, location });
}

function modelClient(Adapter: AdapterClass, url: string, at: string): RedisClient {
  let adapter: object;
  try {
    adapter = new Adapter({ url });
  } catch {
    // Its message may repeat the URL.
    throw invalidOption(at, "not a valid redis:// URL");
  }
  if ("client" in adapter && isRedisClient(adapter.client)) return adapter.client;
  throw new SettingsError({
    code: "incompatible_store",
    message: "this version of @keyv/redis has no client that the store knows",
  });
}
