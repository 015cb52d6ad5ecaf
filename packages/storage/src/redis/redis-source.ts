import { connectClient, destroyClient, type RedisClient, type RedisScriptInput } from "./redis-client.ts";
import { connectCluster, duplicateNode, type RedisCluster } from "./redis-cluster.ts";

/** An open connection to a server or to a cluster. */
export interface RedisConnection {
  isOpen(): boolean;
  command(command: readonly [string, ...string[]], key: string): Promise<unknown>;
  eval(script: string, input: RedisScriptInput): Promise<unknown>;
  /** A new client, not connected, to subscribe with. */
  createListener(): Promise<RedisClient>;
  destroy(): void;
}

/** How connections are made. */
export interface RedisSource {
  /** The number of the database. A cluster has one alone, 0. */
  readonly database: number;
  connect(signal: AbortSignal): Promise<RedisConnection>;
  /** As that of a connection; `null` where a connection is needed for it. */
  readonly createListener: (() => RedisClient) | null;
}

/** Longest wait for a connection, milliseconds. The callers' own limits are shorter; this one ends what they gave up. */
const CONNECT_TIMEOUT_MS = 5_000;

/** What a socket of the storage's own differs in. */
export const OWN_SOCKET: object = { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS };

/**
 * Clients of the storage's own after the model of another client. They do not reconnect by themselves, because attempts on a server that
 * is down are paced by the caller, and they queue nothing, because what is sent late is not wanted any more.
 */
function duplicateClient(model: RedisClient): RedisClient {
  return model.duplicate({ socket: { ...model.options?.socket, ...OWN_SOCKET }, disableOfflineQueue: true });
}

/** Connects to a server as a client would that was made already. That client stays as it is. */
export function serverLike(model: RedisClient): RedisSource {
  const createListener = () => duplicateClient(model);
  return {
    database: model.options?.database ?? 0,
    createListener,
    async connect(signal) {
      const client = await connectClient(duplicateClient(model), signal);
      return {
        isOpen: () => client.isOpen,
        command: (command) => client.sendCommand([...command]),
        eval: (script, input) => client.eval(script, input),
        createListener: async () => createListener(),
        destroy: () => destroyClient(client),
      };
    },
  };
}

/** Connects to a cluster as one would that was made already, to each node when it is needed. */
export function clusterLike(model: RedisCluster, random: () => number): RedisSource {
  return {
    database: 0,
    createListener: null,
    async connect(signal) {
      const cluster = await connectCluster(model.duplicate({ minimizeConnections: true }), signal);
      return {
        isOpen: () => cluster.isOpen,
        // All commands go to the node that has the key, so that a read sees what was written.
        command: (command, key) => cluster.sendCommand(key, false, [...command]),
        eval: (script, input) => cluster.eval(script, input),
        createListener: () => duplicateNode(cluster, random, duplicateClient),
        destroy: () => destroyClient(cluster),
      };
    },
  };
}
