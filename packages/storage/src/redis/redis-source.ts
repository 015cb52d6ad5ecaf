import { connectClient, destroyClient, type RedisClient, type RedisScriptInput } from "./redis-client.ts";
import { connectCluster, duplicateNode, type RedisCluster } from "./redis-cluster.ts";

/** An open connection to a server or a cluster. */
export interface RedisConnection {
  isOpen(): boolean;
  command(command: readonly [string, ...string[]], key: string): Promise<unknown>;
  eval(script: string, input: RedisScriptInput): Promise<unknown>;
  /** Creates an unconnected client for a subscription. */
  createListener(): Promise<RedisClient>;
  destroy(): void;
}

/** Opens connections to one server or cluster. */
export interface RedisSource {
  /** The number of the database. A cluster has only database 0. */
  readonly database: number;
  connect(signal: AbortSignal): Promise<RedisConnection>;
  /** Creates an unconnected client for a subscription; `null`: only a connection can. */
  readonly createListener: (() => RedisClient) | null;
}

/** The limit for connecting, milliseconds. Callers have shorter limits; this one ends attempts that they canceled. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Socket options of the storage's own connections. */
export const SOCKET_OPTIONS: object = { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS };

/**
 * Creates a client of the storage's own from the options of another client. It does not reconnect automatically, because the caller
 * applies backoff, and it has no offline queue, because a command that is sent late has timed out already.
 */
function duplicateClient(template: RedisClient): RedisClient {
  return template.duplicate({ socket: { ...template.options?.socket, ...SOCKET_OPTIONS }, disableOfflineQueue: true });
}

/** Connects to the server of a client with the same options. The client itself is not changed. */
export function serverSource(template: RedisClient): RedisSource {
  const createListener = () => duplicateClient(template);
  return {
    database: template.options?.database ?? 0,
    createListener,
    async connect(signal) {
      const client = await connectClient(duplicateClient(template), signal);
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

/** Connects to the cluster of a cluster client with the same options. Connections to nodes are lazy. */
export function clusterSource(template: RedisCluster, random: () => number): RedisSource {
  return {
    database: 0,
    createListener: null,
    async connect(signal) {
      const cluster = await connectCluster(template.duplicate({ minimizeConnections: true }), signal);
      return {
        isOpen: () => cluster.isOpen,
        // Commands always go to the master of the key, so that a read sees the latest write.
        command: (command, key) => cluster.sendCommand(key, false, [...command]),
        eval: (script, input) => cluster.eval(script, input),
        createListener: () => duplicateNode(cluster, random, duplicateClient),
        destroy: () => destroyClient(cluster),
      };
    },
  };
}
