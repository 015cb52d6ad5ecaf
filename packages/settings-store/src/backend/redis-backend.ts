import { messageOf, type RedisStorage, StorageError } from "@babylon/storage";
import { SettingsError } from "../errors/settings-error.ts";
import type { Backend } from "./backend.ts";

/** Where the record is. */
export interface RedisBackendOptions {
  readonly storage: RedisStorage;
  /** The whole key. */
  readonly key: string;
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
export function createRedisBackend({ storage, key }: RedisBackendOptions): Backend {
  const run = (script: string, given: string[], signal: AbortSignal, applied: "no" | "unknown") =>
    storage.eval(script, { keys: [key], arguments: given }, { signal, applied }).catch(refuseOtherTypes);

  async function get(signal: AbortSignal): Promise<string | undefined> {
    return textOf(await storage.command(["GET", key], key, { signal, applied: "no" }).catch(refuseOtherTypes));
  }

  /** The channel carries the number of the database, because Redis has one set of channels for all of them. */
  const channel = `${key}:changed:${storage.database}`;

  /**
   * Bytes that are not UTF-8 come as U+FFFD, and such a text never compares equal to what is stored: every update would be a conflict.
   */
  async function assertReadable(text: string, signal: AbortSignal): Promise<void> {
    if (Number(await run(IS_STORED, [text], signal, "no")) === 1) return;
    // It may have been changed in between; then the same question about the new text has another answer.
    if ((await get(signal)) === text) throw notARecord("it is not UTF-8");
    throw new StorageError({ message: "Redis: the record changed while it was read", applied: "no" });
  }

  async function send(message: string, signal: AbortSignal): Promise<void> {
    await run(PUBLISH, [channel, message], signal, "no");
  }

  return {
    kind: "redis",
    location: storage.location,
    cas: "atomic",
    port: {
      async read(signal) {
        const text = await get(signal);
        if (text?.includes("\uFFFD")) await assertReadable(text, signal);
        return text;
      },
      readHead: async (signal) => textOf(await run(READ_HEAD, [], signal, "no")),
      async compareAndSet({ expected, next, message }, signal) {
        const condition = expected === undefined ? ["0", ""] : ["1", expected];
        const given = [...condition, next, channel, message];
        return Number(await run(COMPARE_AND_SET, given, signal, "unknown")) === 1;
      },
    },
    bus: {
      scope: "all",
      canFail: true,
      async connect(listener, signal) {
        const subscription = await storage.subscribe(channel, listener, signal);
        return { send, close: async () => subscription.close() };
      },
    },
    close: () => storage.close(),
  };
}

function textOf(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : String(reply);
}

/** The key may hold a list, a hash or the like. */
function refuseOtherTypes(thrown: unknown): never {
  const reply = thrown instanceof StorageError ? messageOf(thrown.cause) : "";
  throw reply.startsWith("WRONGTYPE") ? notARecord(reply) : thrown;
}

function notARecord(what: string): SettingsError {
  return new SettingsError({
    code: "corrupt",
    message: `what is stored under the key is not a settings record: ${what}`,
  });
}
