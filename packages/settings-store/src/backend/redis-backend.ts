import type { Backend, BusConnection, BusListener } from "./backend.ts";
import { BackendError, messageOf } from "./backend-error.ts";
import { holdSubscription } from "./hold-subscription.ts";
import { toText } from "./map-backend.ts";
import { createReconnecting } from "./reconnecting.ts";
import { connectClient, destroyClient, type RedisClient } from "./redis-client.ts";

/** Where the record is and how to reach it. */
export interface RedisUse {
  /** A new client, not connected, that neither reconnects by itself nor queues commands while it is not connected. */
  readonly createClient: () => RedisClient;
  /** The whole key. */
  readonly key: string;
  readonly location: string;
}

/**
 * Compares, sets and tells the others in one step; a script runs alone (Redis documentation, "Scripting with Lua"). PUBLISH is
 * allowed to fail: a user may lack the right to it, and then the others find out by asking.
 */
const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1])
if ARGV[1] == '0' then
  if current then return 0 end
elseif current ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3])
redis.pcall('PUBLISH', ARGV[4], ARGV[5])
return 1
`;

const PING_EVERY_MS = 10_000;

/** Keeps the settings under one key of a Redis, with messages to the other processes over its publish and subscribe. */
export function createRedisBackend({ createClient, key, location }: RedisUse): Backend {
  const connection = createReconnecting<RedisClient>(
    (signal) => connectClient(createClient(), signal),
    async (client) => destroyClient(client),
  );

  async function openClient(signal: AbortSignal): Promise<RedisClient> {
    try {
      const client = await connection.get(signal);
      if (client.isOpen) return client;
      // The server hung up while nobody was asking.
      connection.drop(client);
      return await connection.get(signal);
    } catch (thrown) {
      throw toBackendError(thrown, "no");
    }
  }

  /** Runs a command; a connection that fails or does not answer is thrown away. */
  async function command<T>(signal: AbortSignal, applied: "no" | "unknown", run: (client: RedisClient) => Promise<T>) {
    const client = await openClient(signal);
    const onAbort = () => connection.drop(client);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await run(client);
    } catch (thrown) {
      const error = toBackendError(thrown, applied);
      if (!isReply(thrown)) connection.drop(client);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The channel carries the number of the database, because Redis has one set of channels for all of them. */
  const channelOf = (client: RedisClient): string => `${key}:changed:${client.options?.database ?? 0}`;

  return {
    kind: "redis",
    location,
    cas: "atomic",
    port: {
      async read(signal) {
        const value = await command(signal, "no", (client) => client.get(key));
        return value === null || value === undefined ? undefined : toText(value);
      },
      async compareAndSet({ expected, next, message }, signal) {
        const applied = await command(signal, "unknown", (client) =>
          client.eval(COMPARE_AND_SET, {
            keys: [key],
            arguments: [expected === undefined ? "0" : "1", expected ?? "", next, channelOf(client), message],
          }),
        );
        return Number(applied) === 1;
      },
    },
    bus: {
      scope: "all",
      checkEveryMs: PING_EVERY_MS,
      connect: (listener, signal) => subscribe(createClient(), channelOf, listener, signal),
    },
    close: () => connection.close(),
  };
}

function subscribe(
  client: RedisClient,
  channelOf: (client: RedisClient) => string,
  { onMessage, onLost }: BusListener,
  signal: AbortSignal,
): Promise<BusConnection> {
  return holdSubscription({
    client,
    async begin() {
      await connectClient(client, signal);
      await client.subscribe(channelOf(client), onMessage);
    },
    check: () => client.ping(),
    destroy: () => destroyClient(client),
    onLost,
    signal,
  });
}

/** Replies that say no to who asks, whatever the time: wrong credentials and missing rights. */
const REFUSALS = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/;

/** Whether the server itself answered (`OOM ...`, `READONLY ...`), so that nothing is left open about the command. */
function isReply(thrown: unknown): boolean {
  return thrown instanceof Error && /^[A-Z]{2,} /.test(thrown.message);
}

function toBackendError(thrown: unknown, applied: "no" | "unknown"): BackendError {
  const text = messageOf(thrown);
  return new BackendError({
    message: `Redis: ${text}`,
    applied: isReply(thrown) ? "no" : applied,
    retryable: !REFUSALS.test(text),
    cause: thrown,
  });
}
