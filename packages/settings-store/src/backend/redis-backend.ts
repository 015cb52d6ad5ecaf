import { SettingsError } from "../settings-error.ts";
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

/** Whether a text is what is stored, byte by byte. */
const IS_STORED = "return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0";

/** Publishes with the rights that a write has. Some proxies route by the key, so it is named although it is not used. */
const PUBLISH = "return redis.call('PUBLISH', ARGV[1], ARGV[2])";

/** With no more rights than a read and a write need. */
const READ_HEAD = "local value = redis.call('GET', KEYS[1]) return value and string.sub(value, 1, 512)";

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
      if (isWrongType(thrown)) throw notARecord(messageOf(thrown));
      const error = toBackendError(thrown, applied);
      if (!isReply(thrown)) connection.drop(client);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The channel carries the number of the database, because Redis has one set of channels for all of them. */
  const channelOf = (client: RedisClient): string => `${key}:changed:${client.options?.database ?? 0}`;

  /**
   * Bytes that are not UTF-8 come as U+FFFD, and such a text never compares equal to what is stored: every update would be a conflict.
   */
  async function assertReadable(text: string, signal: AbortSignal): Promise<void> {
    const isStored = await command(signal, "no", (client) =>
      client.eval(IS_STORED, { keys: [key], arguments: [text] }),
    );
    if (Number(isStored) === 1) return;
    // It may have been changed in between; then the same question about the new text has another answer.
    const now = await command(signal, "no", (client) => client.get(key));
    if (now === text) throw notARecord("it is not UTF-8");
    throw new BackendError({ message: "Redis: the record changed while it was read", applied: "no" });
  }

  async function send(message: string, signal: AbortSignal): Promise<void> {
    await command(signal, "no", (client) =>
      client.eval(PUBLISH, { keys: [key], arguments: [channelOf(client), message] }),
    );
  }

  return {
    kind: "redis",
    location,
    cas: "atomic",
    port: {
      async read(signal) {
        const value = await command(signal, "no", (client) => client.get(key));
        if (value === null || value === undefined) return undefined;
        const text = toText(value);
        if (text.includes("\uFFFD")) await assertReadable(text, signal);
        return text;
      },
      async readHead(signal) {
        const head = await command(signal, "no", (client) => client.eval(READ_HEAD, { keys: [key], arguments: [] }));
        return head === null || head === undefined ? undefined : toText(head);
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
      canFail: true,
      connect: (listener, signal) => subscribe({ client: createClient(), channelOf, send }, listener, signal),
    },
    close: () => connection.close(),
  };
}

interface Subscription {
  readonly client: RedisClient;
  readonly channelOf: (client: RedisClient) => string;
  readonly send: BusConnection["send"];
}

function subscribe(
  { client, channelOf, send }: Subscription,
  { onMessage, onLost }: BusListener,
  signal: AbortSignal,
): Promise<BusConnection> {
  return holdSubscription({
    client,
    async begin() {
      await connectClient(client, signal);
      await client.subscribe(channelOf(client), onMessage);
    },
    send,
    destroy: () => destroyClient(client),
    onLost,
    signal,
  });
}

/** Whether the key holds a list, a hash or the like. */
function isWrongType(thrown: unknown): boolean {
  return messageOf(thrown).startsWith("WRONGTYPE");
}

function notARecord(what: string): SettingsError {
  return new SettingsError({
    code: "corrupt",
    message: `what is stored under the key is not a settings record: ${what}`,
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
