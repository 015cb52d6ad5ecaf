import type { CallOptions } from "../call-options.ts";
import { holdSubscription, type Subscription, type SubscriptionListener } from "../hold-subscription.ts";
import { type ImportDriver, importDriver } from "../import-driver.ts";
import type { RedisUrl } from "../parse-storage-url.ts";
import { createReconnecting } from "../reconnecting.ts";
import { connectClient, destroyClient, type RedisClient, type RedisScriptInput } from "./redis-client.ts";
import type { RedisCluster } from "./redis-cluster.ts";
import { clientOf, clusterOf, loadRedisDriver } from "./redis-driver.ts";
import { isMoved, isReply, redisError } from "./redis-errors.ts";
import { clusterLike, type RedisConnection, type RedisSource, serverLike } from "./redis-source.ts";

/**
 * A Redis or Valkey server, or a cluster of them. It is connected when it is used, and again after a failure; nothing is sent twice and
 * nothing waits for a server that is away. Calls fail with `StorageError`.
 */
export interface RedisStorage {
  readonly kind: "redis";
  /** A URL without credentials and options. */
  readonly location: string;
  readonly secrets: readonly string[];
  /** Runs a command on the node that has the key. */
  command(command: readonly [string, ...string[]], key: string, options: CallOptions): Promise<unknown>;
  /** Runs a Lua script on the node that has the keys, which are all in one slot. */
  eval(script: string, input: RedisScriptInput, options: CallOptions): Promise<unknown>;
  /** The number of the database. Publishing knows no databases, so names of channels may want to hold it. */
  readonly database: number;
  /** Listens over a connection of its own. */
  subscribe(channel: string, listener: SubscriptionListener, signal: AbortSignal): Promise<Subscription>;
  /** Ends the connection for commands. Calls fail from then on. */
  close(): Promise<void>;
}

/** What every Redis is opened with. */
export interface RedisOptions {
  /** 0 up to 1, to choose a node of a cluster. */
  readonly random: () => number;
  /** Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
  /** The option or variable that named the URL, for errors. */
  readonly at: string;
}

/**
 * Opens what a URL names. Where the server turns out to be a node of a cluster, the storage goes on with the cluster. Throws
 * `unavailable` where `@redis/client` is not installed, and `invalid`; the server is not contacted yet.
 */
export async function openRedis(url: RedisUrl, options: RedisOptions): Promise<RedisStorage> {
  const { nodes, location, secrets } = url;
  const { at, random, importPackage = importDriver } = options;
  const driver = await loadRedisDriver(importPackage);
  const asCluster = () => clusterLike(clusterOf(driver, nodes, at), random);
  const [first] = nodes;
  const source = nodes.length > 1 ? asCluster() : serverLike(clientOf(driver, first, at));
  return createRedisStorage({ location, secrets, source, asCluster });
}

/** Uses the server of a client that somebody else made, over connections of the storage's own. */
export function redisLike(model: RedisClient, location: string): RedisStorage {
  const { password } = model.options ?? {};
  const secrets = password === undefined ? [] : [password];
  return createRedisStorage({ location, secrets, source: serverLike(model), asCluster: null });
}

/** Uses the cluster of somebody else's, over connections of the storage's own. */
export function redisClusterLike(model: RedisCluster, location: string, random: () => number): RedisStorage {
  return createRedisStorage({ location, secrets: [], source: clusterLike(model, random), asCluster: null });
}

interface RedisUse {
  readonly location: string;
  readonly secrets: readonly string[];
  readonly source: RedisSource;
  /** `null`: not known how. */
  readonly asCluster: (() => RedisSource) | null;
}

function createRedisStorage({ location, secrets, source, asCluster }: RedisUse): RedisStorage {
  let current = source;
  const reconnecting = createReconnecting<RedisConnection>(
    (signal) => current.connect(signal),
    async (connection) => connection.destroy(),
  );

  async function openConnection(signal: AbortSignal): Promise<RedisConnection> {
    try {
      const connection = await reconnecting.get(signal);
      if (connection.isOpen()) return connection;
      // The server hung up while nobody was asking.
      reconnecting.drop(connection);
      return await reconnecting.get(signal);
    } catch (thrown) {
      throw redisError(thrown, "no", secrets);
    }
  }

  /** Calls that use a connection. One that was given up for the cluster is closed after the last of them. */
  const calls = new Map<RedisConnection, number>();
  const retired = new Set<RedisConnection>();

  function begin(connection: RedisConnection): void {
    calls.set(connection, (calls.get(connection) ?? 0) + 1);
  }

  function end(connection: RedisConnection): void {
    const left = (calls.get(connection) ?? 0) - 1;
    if (left > 0) {
      calls.set(connection, left);
      return;
    }
    calls.delete(connection);
    if (retired.delete(connection)) connection.destroy();
  }

  /** Goes on with the cluster that the server is a node of. Several calls may find out at once. */
  function follow(connection: RedisConnection, toCluster: () => RedisSource): void {
    if (current === source) current = toCluster();
    if (reconnecting.release(connection)) retired.add(connection);
  }

  /** A connection that fails or does not answer is thrown away. */
  async function call<T>(run: (connection: RedisConnection) => Promise<T>, options: CallOptions): Promise<T> {
    const { signal, applied } = options;
    const used = current;
    const connection = await openConnection(signal);
    const onAbort = () => {
      reconnecting.drop(connection);
      if (retired.delete(connection)) connection.destroy();
    };
    begin(connection);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await run(connection);
    } catch (thrown) {
      if (isMoved(thrown) && asCluster !== null && used === source) {
        follow(connection, asCluster);
        return await call(run, options);
      }
      if (!isReply(thrown)) reconnecting.drop(connection);
      throw redisError(thrown, applied, secrets);
    } finally {
      signal.removeEventListener("abort", onAbort);
      end(connection);
    }
  }

  return {
    kind: "redis",
    location,
    secrets,
    command: (command, key, options) => call((connection) => connection.command(command, key), options),
    eval: (script, input, options) => call((connection) => connection.eval(script, input), options),
    database: source.database,
    async subscribe(channel, { onMessage, onLost }, signal) {
      try {
        const client = current.createListener?.() ?? (await (await openConnection(signal)).createListener());
        const begin = async () => {
          await connectClient(client, signal);
          await client.subscribe(channel, onMessage);
        };
        return await holdSubscription({ client, begin, destroy: () => destroyClient(client), onLost, signal });
      } catch (thrown) {
        throw redisError(thrown, "no", secrets);
      }
    },
    close: () => reconnecting.close(),
  };
}
