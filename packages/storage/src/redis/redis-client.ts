/** The part of a client of `@redis/client` 5 and 6 that is used here. */
export interface RedisClient {
  readonly isOpen: boolean;
  readonly options?: RedisClientOptions | undefined;
  /** Connects; rejects on failure. */
  connect(): Promise<unknown>;
  /** Runs a command, given as its words. */
  sendCommand(command: readonly string[]): Promise<unknown>;
  /** Runs a Lua script. */
  eval(script: string, options: RedisScriptInput): Promise<unknown>;
  /** Subscribes to a channel. */
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  /** Creates an unconnected client with the same options, except the overrides. */
  duplicate(overrides?: object): RedisClient;
  /** Closes the connection at once. */
  destroy(): void;
  /** Allows the process to exit while the connection is open. */
  unref(): void;
  /** Adds a listener for an event of the client. */
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** The client options that are used here. */
export interface RedisClientOptions {
  readonly socket?: object | undefined;
  readonly database?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Keys and arguments of a script. */
export interface RedisScriptInput {
  readonly keys: string[];
  readonly arguments: string[];
}

/** Whether an object is a client of one server. Cluster and sentinel clients lack some of these methods, or define them differently. */
export function isRedisClient(value: unknown): value is RedisClient {
  const methods = ["connect", "sendCommand", "eval", "subscribe", "duplicate", "destroy", "unref", "on"];
  return hasFunctions(value, methods) && !("slots" in value) && !("getSentinelNode" in value);
}

/** Whether an object has functions with these names. */
export function hasFunctions(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== "object" || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}

/** Closes a client at once, without waiting for replies. */
export function destroyClient(client: { destroy(): void }): void {
  try {
    client.destroy();
  } catch {
    // `@redis/client` 5 throws when the client is already closed.
  }
}

/**
 * Connects a client that belongs to the storage. It does not keep the process alive, and it is destroyed when the signal aborts before
 * it is connected.
 */
export async function connectClient(client: RedisClient, signal: AbortSignal): Promise<RedisClient> {
  client.unref();
  return connectOrDestroy(client, signal);
}

/** Connects a client, or destroys it when that fails or the signal aborts. */
export async function connectOrDestroy<C extends Connectable>(client: C, signal: AbortSignal): Promise<C> {
  signal.throwIfAborted();
  // An `error` event without a listener would terminate the process.
  client.on("error", () => {});
  const onAbort = () => destroyClient(client);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    destroyClient(client);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The methods that clients and clusters share. */
export type Connectable = Pick<RedisClient, "connect" | "destroy" | "on">;
