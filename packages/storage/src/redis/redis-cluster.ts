import {
  connectOrDestroy,
  hasFunctions,
  isRedisClient,
  type RedisClient,
  type RedisScriptInput,
} from "./redis-client.ts";

/** The part of a cluster client of `@redis/client` 5 and 6 that is used here. */
export interface RedisCluster {
  readonly isOpen: boolean;
  /** One per range of slots; a node that was never used has no client. */
  readonly masters: readonly RedisClusterNode[];
  /** Discovers the nodes; rejects when none of them answers. */
  connect(): Promise<unknown>;
  /** The connected client of a node. */
  nodeClient(node: RedisClusterNode): unknown;
  /** Runs a command, given as its words, on the node of the key. */
  sendCommand(firstKey: string | undefined, isReadonly: boolean, command: readonly string[]): Promise<unknown>;
  /** Runs a Lua script on the node of its keys. */
  eval(script: string, options: RedisScriptInput): Promise<unknown>;
  /** Creates an unconnected cluster client with the same options, except the overrides. */
  duplicate(overrides?: object): RedisCluster;
  /** Closes all connections at once. */
  destroy(): void;
  /** Adds a listener for an event of the cluster. */
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** A node of a cluster. */
export interface RedisClusterNode {
  readonly client?: unknown;
}

/** Whether an object is a cluster client. */
export function isRedisCluster(value: unknown): value is RedisCluster {
  const methods = ["connect", "nodeClient", "sendCommand", "eval", "duplicate", "destroy", "on"];
  return hasFunctions(value, methods) && "masters" in value && "slots" in value;
}

/** Connects a cluster client that belongs to the storage. It does not keep the process alive. */
export async function connectCluster(cluster: RedisCluster, signal: AbortSignal): Promise<RedisCluster> {
  cluster.on("node-ready", () => unrefNodes(cluster));
  return connectOrDestroy(cluster, signal);
}

function unrefNodes({ masters }: RedisCluster): void {
  for (const { client } of masters) if (isRedisClient(client)) client.unref();
}

/** Creates an unconnected client for one of the nodes: a message that is published on any node reaches subscribers of every node. */
export async function duplicateNode(
  cluster: RedisCluster,
  random: () => number,
  duplicate: (template: RedisClient) => RedisClient,
): Promise<RedisClient> {
  const { masters } = cluster;
  const start = Math.floor(random() * masters.length);
  let failure: unknown = new Error("the cluster has no nodes");
  for (const node of [...masters.slice(start), ...masters.slice(0, start)]) {
    try {
      const client = await cluster.nodeClient(node);
      if (isRedisClient(client)) return duplicate(client);
    } catch (thrown) {
      failure = thrown;
    }
  }
  throw failure;
}
