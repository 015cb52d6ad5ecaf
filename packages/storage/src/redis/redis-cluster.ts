import {
  connectOrDestroy,
  hasMethods,
  isRedisClient,
  type RedisClient,
  type RedisScriptInput,
} from "./redis-client.ts";

/** What is used of a cluster of `@redis/client`, versions 5 and 6. */
export interface RedisCluster {
  readonly isOpen: boolean;
  /** One for each part of the slots; a node that was never needed has no client. */
  readonly masters: readonly RedisClusterNode[];
  /** Finds the nodes; rejects where none of them answers. */
  connect(): Promise<unknown>;
  /** The client of a node, connected. */
  nodeClient(node: RedisClusterNode): unknown;
  /** Runs a command by its words on the node that has the key. */
  sendCommand(firstKey: string | undefined, isReadonly: boolean, command: readonly string[]): Promise<unknown>;
  /** Runs a Lua script on the node that has its keys. */
  eval(script: string, options: RedisScriptInput): Promise<unknown>;
  /** A new cluster, not connected, with the same options but these. */
  duplicate(overrides?: object): RedisCluster;
  /** Closes all connections at once. */
  destroy(): void;
  /** Listens to an event of the cluster. */
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** A node of a cluster. */
export interface RedisClusterNode {
  readonly client?: unknown;
}

/** Whether an object has what is needed of a cluster. */
export function isRedisCluster(value: unknown): value is RedisCluster {
  const methods = ["connect", "nodeClient", "sendCommand", "eval", "duplicate", "destroy", "on"];
  return hasMethods(value, methods) && "masters" in value && "slots" in value;
}

/** Connects a cluster that was made for the storage alone. It does not keep the process alive. */
export async function connectCluster(cluster: RedisCluster, signal: AbortSignal): Promise<RedisCluster> {
  cluster.on("node-ready", () => unrefNodes(cluster));
  return connectOrDestroy(cluster, signal);
}

function unrefNodes({ masters }: RedisCluster): void {
  for (const { client } of masters) if (isRedisClient(client)) client.unref();
}

/** A new client, not connected, of one of the nodes: what is published anywhere in a cluster arrives at each of them. */
export async function duplicateNode(
  cluster: RedisCluster,
  random: () => number,
  duplicate: (model: RedisClient) => RedisClient,
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
