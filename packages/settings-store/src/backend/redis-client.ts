/** What is used of a client of `@redis/client`, versions 5 and 6. */
export interface RedisClient {
  readonly isOpen: boolean;
  readonly options?:
    | {
        readonly socket?: object | undefined;
        readonly database?: number | undefined;
        readonly password?: string | undefined;
      }
    | undefined;
  connect(): Promise<unknown>;
  get(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  duplicate(overrides?: object): RedisClient;
  destroy(): void;
  unref(): void;
  on(event: string, listener: (error: unknown) => void): unknown;
}

/** Whether an object has what is needed of a client. Clusters and sentinels lack parts of it, or mean something else by them. */
export function isRedisClient(value: unknown): value is RedisClient {
  if (typeof value !== "object" || value === null) return false;
  const methods = ["connect", "get", "eval", "subscribe", "duplicate", "destroy", "unref", "on"];
  const missing = methods.some((name) => typeof Reflect.get(value, name) !== "function");
  return !missing && !("slots" in value) && !("getSentinelNode" in value);
}

/** Closes a client at once, without waiting for answers. */
export function destroyClient(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // `@redis/client` 5 throws when there is nothing left to close.
  }
}

/**
 * Connects a client that was made for the store alone. It does not keep the process alive, and it is destroyed when the signal
 * aborts.
 */
export async function connectClient(client: RedisClient, signal: AbortSignal): Promise<RedisClient> {
  // Without a listener an error event would end the process.
  client.on("error", () => {});
  const onAbort = () => destroyClient(client);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    client.unref();
    await client.connect();
    return client;
  } catch (thrown) {
    destroyClient(client);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
