/** What is used of a client of `@redis/client`, versions 5 and 6. */
export interface RedisClient {
  readonly isOpen: boolean;
  readonly options?: RedisClientOptions | undefined;
  /** Connects; rejects where that fails. */
  connect(): Promise<unknown>;
  /** Runs a command by its words. */
  sendCommand(command: readonly string[]): Promise<unknown>;
  /** Runs a Lua script. */
  eval(script: string, options: RedisScriptInput): Promise<unknown>;
  /** Listens to a channel. */
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  /** A new client, not connected, with the same options but these. */
  duplicate(overrides?: object): RedisClient;
  /** Closes the connection at once. */
  destroy(): void;
  /** Lets the process end although the connection is open. */
  unref(): void;
  /** Listens to an event of the client. */
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** What is used of a client's options. */
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

/** Whether an object has what is needed of a client. Clusters and sentinels lack parts of it, or mean something else by them. */
export function isRedisClient(value: unknown): value is RedisClient {
  const methods = ["connect", "sendCommand", "eval", "subscribe", "duplicate", "destroy", "unref", "on"];
  return hasMethods(value, methods) && !("slots" in value) && !("getSentinelNode" in value);
}

/** Whether an object has methods of these names. */
export function hasMethods(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== "object" || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}

/** Closes a client at once, without waiting for answers. */
export function destroyClient(client: { destroy(): void }): void {
  try {
    client.destroy();
  } catch {
    // `@redis/client` 5 throws when there is nothing left to close.
  }
}

/**
 * Connects a client that was made for the storage alone. It does not keep the process alive, and it is destroyed when the signal
 * aborts.
 */
export async function connectClient(client: RedisClient, signal: AbortSignal): Promise<RedisClient> {
  client.unref();
  return connectOrDestroy(client, signal);
}

/** Connects, or destroys what cannot be connected before the signal aborts. */
export async function connectOrDestroy<C extends Connectable>(client: C, signal: AbortSignal): Promise<C> {
  // Without a listener an error event would end the process.
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

/** What a client and a cluster have in common. */
export type Connectable = Pick<RedisClient, "connect" | "destroy" | "on">;
