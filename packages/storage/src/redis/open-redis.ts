import { type ImportDriver, importDriver } from "../import-driver.ts";
import { openSubscription, type Subscription, type SubscriptionListener } from "../open-subscription.ts";
import type { RedisUrl } from "../parse-storage-url.ts";
import { createReconnecting } from "../reconnecting.ts";
import type { StorageCallOptions } from "../storage-call-options.ts";
import { connectClient, destroyClient, type RedisClient, type RedisScriptInput } from "./redis-client.ts";
import type { RedisCluster } from "./redis-cluster.ts";
import { createRedisClient, createRedisCluster, loadRedisDriver } from "./redis-driver.ts";
import { isMoved, isReply, redisError } from "./redis-errors.ts";
import { clusterSource, type RedisConnection, type RedisSource, serverSource } from "./redis-source.ts";

/**
 * A Redis or Valkey server or cluster. The connection is lazy and reopens after a failure; no command is sent twice, and no command is
 * queued while the server is down. Calls fail with `StorageError`.
 */
export interface RedisStorage {
  readonly kind: "redis";
  /** A URL without credentials and options. */
  readonly location: string;
  readonly secrets: readonly string[];
  /** Runs a command on the node of the key. */
  command(command: readonly [string, ...string[]], key: string, options: StorageCallOptions): Promise<unknown>;
  /** Runs a Lua script on the node of the keys, which must all be in one slot. */
  eval(script: string, input: RedisScriptInput, options: StorageCallOptions): Promise<unknown>;
  /** The number of the database. Pub/sub channels are shared by all databases, so a channel name should contain it. */
  readonly database: number;
  /** Subscribes over a separate connection. */
  subscribe(channel: string, listener: SubscriptionListener, signal: AbortSignal): Promise<Subscription>;
  /** Calls back when another connection for commands was opened: it may be to another server. Set at most once. */
  onReconnect(listener: () => void): void;
  /** Closes the connection for commands. Calls fail afterwards. */
  close(): Promise<void>;
}

/** Options of {@link openRedis}. */
export interface RedisOptions {
  /** From 0 to below 1, to choose a node of a cluster. */
  readonly random: () => number;
  /** Default `import()`. */
  readonly importPackage?: ImportDriver | undefined;
  /** The option or variable that named the URL, for errors. */
  readonly at: string;
}

/**
 * Creates the storage of a URL. When the server replies that it is a node of a cluster, the storage switches to the cluster. Throws
 * `unavailable` when `@redis/client` is not installed, and `invalid`; does not connect yet.
 */
export async function openRedis(url: RedisUrl, options: RedisOptions): Promise<RedisStorage> {
  const { nodes, location, secrets } = url;
  const { at, random, importPackage = importDriver } = options;
  const driver = await loadRedisDriver(importPackage);
  const createClusterSource = () => clusterSource(createRedisCluster(driver, nodes, at), random);
  const [first] = nodes;
  const source = nodes.length > 1 ? createClusterSource() : serverSource(createRedisClient(driver, first, at));
  return createRedisStorage({ location, secrets, source, createClusterSource });
}

/** Creates the storage of an existing client's server. It opens its own connections; the client is not used or changed. */
export function redisFromClient(template: RedisClient, location: string): RedisStorage {
  const { password } = template.options ?? {};
  const secrets = password === undefined ? [] : [password];
  return createRedisStorage({ location, secrets, source: serverSource(template), createClusterSource: null });
}

/** Creates the storage of an existing cluster client. It opens its own connections; the client is not used or changed. */
export function redisFromCluster(template: RedisCluster, location: string, random: () => number): RedisStorage {
  const source = clusterSource(template, random);
  return createRedisStorage({ location, secrets: [], source, createClusterSource: null });
}

interface RedisStorageInit {
  readonly location: string;
  readonly secrets: readonly string[];
  readonly source: RedisSource;
  /** Used when the server is a node of a cluster; `null`: not possible. */
  readonly createClusterSource: (() => RedisSource) | null;
}

function createRedisStorage({ location, secrets, source, createClusterSource }: RedisStorageInit): RedisStorage {
  let current = source;
  let wasConnected = false;
  let onReconnect = (): void => {};
  const reconnecting = createReconnecting<RedisConnection>(
    async (signal) => {
      const connection = await current.connect(signal);
      if (wasConnected) onReconnect();
      wasConnected = true;
      return connection;
    },
    async (connection) => connection.destroy(),
  );

  async function openConnection(signal: AbortSignal): Promise<RedisConnection> {
    try {
      const connection = await reconnecting.get(signal);
      if (connection.isOpen()) return connection;
      // The server closed the idle connection.
      reconnecting.drop(connection);
      return await reconnecting.get(signal);
    } catch (thrown) {
      throw redisError(thrown, "no", secrets);
    }
  }

  /** Calls in flight per connection. A connection that the cluster replaced is draining: it is closed after its last call. */
  const inFlight = new Map<RedisConnection, number>();
  const draining = new Set<RedisConnection>();

  function addCall(connection: RedisConnection): void {
    inFlight.set(connection, (inFlight.get(connection) ?? 0) + 1);
  }

  function removeCall(connection: RedisConnection): void {
    const remaining = (inFlight.get(connection) ?? 0) - 1;
    if (remaining > 0) {
      inFlight.set(connection, remaining);
      return;
    }
    inFlight.delete(connection);
    if (draining.delete(connection)) connection.destroy();
  }

  /** Replaces the server by the cluster that it is a node of. Several concurrent calls may get here. */
  function switchToCluster(connection: RedisConnection, createCluster: () => RedisSource): void {
    if (current === source) current = createCluster();
    if (reconnecting.release(connection)) draining.add(connection);
  }

  /** A connection that fails or does not answer is closed. */
  async function call<T>(run: (connection: RedisConnection) => Promise<T>, options: StorageCallOptions): Promise<T> {
    const { signal, applied } = options;
    const sourceAtStart = current;
    const connection = await openConnection(signal);
    const onAbort = () => {
      reconnecting.drop(connection);
      if (draining.delete(connection)) connection.destroy();
    };
    addCall(connection);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await run(connection);
    } catch (thrown) {
      if (isMoved(thrown) && createClusterSource !== null && sourceAtStart === source) {
        switchToCluster(connection, createClusterSource);
        return await call(run, options);
      }
      if (!isReply(thrown)) reconnecting.drop(connection);
      throw redisError(thrown, applied, secrets);
    } finally {
      signal.removeEventListener("abort", onAbort);
      removeCall(connection);
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
        const subscribe = async () => {
          await connectClient(client, signal);
          await client.subscribe(channel, onMessage);
        };
        return await openSubscription({ client, subscribe, destroy: () => destroyClient(client), onLost, signal });
      } catch (thrown) {
        throw redisError(thrown, "no", secrets);
      }
    },
    onReconnect(listener) {
      onReconnect = listener;
    },
    close: () => reconnecting.close(),
  };
}
