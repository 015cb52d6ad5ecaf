import { type ImportDriver, loadDriver } from "../import-driver.ts";
import { invalidOption } from "../storage-error.ts";
import { hasMethods, type RedisClient, type RedisClientOptions } from "./redis-client.ts";
import type { RedisCluster } from "./redis-cluster.ts";
import { OWN_SOCKET } from "./redis-source.ts";

/** The two functions of `@redis/client`. */
export interface RedisDriver {
  createClient(options: object): RedisClient;
  createCluster(options: object): RedisCluster;
}

export function loadRedisDriver(importPackage: ImportDriver): Promise<RedisDriver> {
  return loadDriver("@redis/client", importPackage, isDriver);
}

function isDriver(module: unknown): module is RedisDriver {
  return hasMethods(module, ["createClient", "createCluster"]);
}

/** A client, not connected, of what a URL names. Throws `invalid` and does not repeat the URL. */
export function clientOf({ createClient }: RedisDriver, url: string, at: string): RedisClient {
  try {
    return createClient({ url });
  } catch {
    // Its message may repeat the URL.
    throw invalidOption(at, "not a valid redis:// URL");
  }
}

/** A cluster, not connected, that is found by some of its nodes. Credentials and TLS are those of the first URL. */
export function clusterOf(driver: RedisDriver, nodes: readonly [string, ...string[]], at: string): RedisCluster {
  const [first] = nodes;
  const { username, password, socket } = clientOf(driver, first, at).options ?? {};
  const defaults: RedisClientOptions = { username, password, socket: { ...withoutAddress(socket), ...OWN_SOCKET } };
  return driver.createCluster({
    rootNodes: nodes.map((url) => ({ socket: addressOf(clientOf(driver, url, at).options?.socket) })),
    defaults: { ...defaults, disableOfflineQueue: true },
  });
}

function addressOf(socket: object = {}): object {
  return Object.fromEntries(Object.entries(socket).filter(([name]) => name === "host" || name === "port"));
}

function withoutAddress(socket: object = {}): object {
  return Object.fromEntries(Object.entries(socket).filter(([name]) => name !== "host" && name !== "port"));
}
