import { type ImportDriver, loadDriver } from "../import-driver.ts";
import { invalidStorageOption } from "../storage-error.ts";
import { hasFunctions, type RedisClient, type RedisClientOptions } from "./redis-client.ts";
import type { RedisCluster } from "./redis-cluster.ts";
import { SOCKET_OPTIONS } from "./redis-source.ts";

/** The functions of `@redis/client` that are used here. */
export interface RedisDriver {
  createClient(options: object): RedisClient;
  createCluster(options: object): RedisCluster;
}

/** Imports `@redis/client`. Throws `unavailable` when it is not installed. */
export function loadRedisDriver(importPackage: ImportDriver): Promise<RedisDriver> {
  return loadDriver("@redis/client", importPackage, isDriver);
}

function isDriver(module: unknown): module is RedisDriver {
  return hasFunctions(module, ["createClient", "createCluster"]);
}

/** Creates an unconnected client for a URL. Throws `invalid` without repeating the URL. */
export function createRedisClient({ createClient }: RedisDriver, url: string, at: string): RedisClient {
  try {
    return createClient({ url });
  } catch {
    // The driver's message may repeat the URL.
    throw invalidStorageOption(at, "not a valid redis:// URL");
  }
}

/** Creates an unconnected cluster client from some of its nodes. Credentials and TLS are those of the first URL. */
export function createRedisCluster(
  driver: RedisDriver,
  nodes: readonly [string, ...string[]],
  at: string,
): RedisCluster {
  const [first] = nodes;
  const { username, password, socket } = createRedisClient(driver, first, at).options ?? {};
  const defaults: RedisClientOptions = { username, password, socket: { ...withoutAddress(socket), ...SOCKET_OPTIONS } };
  return driver.createCluster({
    rootNodes: nodes.map((url) => ({ socket: addressOf(createRedisClient(driver, url, at).options?.socket) })),
    defaults: { ...defaults, disableOfflineQueue: true },
  });
}

function addressOf(socket: object = {}): object {
  return Object.fromEntries(Object.entries(socket).filter(([name]) => name === "host" || name === "port"));
}

function withoutAddress(socket: object = {}): object {
  return Object.fromEntries(Object.entries(socket).filter(([name]) => name !== "host" && name !== "port"));
}
