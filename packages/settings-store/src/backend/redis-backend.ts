import { messageOf, type RedisStorage, StorageError } from "@babylon/storage";
import { SettingsError } from "../errors/settings-error.ts";
import type { Backend } from "./backend.ts";

/** Input of {@link createRedisBackend}. */
export interface RedisBackendOptions {
  readonly storage: RedisStorage;
  /** The key with its prefix. */
  readonly key: string;
}

/**
 * Compares, sets and publishes atomically; no other command runs during a script (Redis documentation, "Scripting with Lua"). PUBLISH may
 * fail when the user lacks the permission; other processes then find the change by polling.
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

/** Whether the stored bytes are those of a text. */
const IS_STORED = "return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0";

/** Publishes with the permissions of a write. Some proxies route by the key, so it is passed although it is not used. */
const PUBLISH = "return redis.call('PUBLISH', ARGV[1], ARGV[2])";

/** Needs no more permissions than a read and a write. */
const READ_HEAD = "local value = redis.call('GET', KEYS[1]) return value and string.sub(value, 1, 512)";

/** A backend under one key of a Redis, with messages between processes by PUBLISH and SUBSCRIBE. */
export function createRedisBackend({ storage, key }: RedisBackendOptions): Backend {
  const run = (script: string, args: string[], signal: AbortSignal, applied: "no" | "unknown") =>
    storage.eval(script, { keys: [key], arguments: args }, { signal, applied }).catch(rethrowWrongType);

  async function get(signal: AbortSignal): Promise<string | undefined> {
    return textOf(await storage.command(["GET", key], key, { signal, applied: "no" }).catch(rethrowWrongType));
  }

  /** Contains the number of the database, because all databases of a Redis share one set of channels. */
  const channel = `${key}:changed:${storage.database}`;

  /**
   * Bytes that are not UTF-8 are decoded as U+FFFD, so the text never equals the stored bytes and every update would be a conflict.
   */
  async function assertReadable(text: string, signal: AbortSignal): Promise<void> {
    if (Number(await run(IS_STORED, [text], signal, "no")) === 1) return;
    // If the record is unchanged, the text is not UTF-8; if it changed between the two reads, the caller retries.
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
        const args = [...condition, next, channel, message];
        return Number(await run(COMPARE_AND_SET, args, signal, "unknown")) === 1;
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

/** The key may hold another type, such as a list or a hash. */
function rethrowWrongType(thrown: unknown): never {
  const reply = thrown instanceof StorageError ? messageOf(thrown.cause) : "";
  throw reply.startsWith("WRONGTYPE") ? notARecord(reply) : thrown;
}

function notARecord(reason: string): SettingsError {
  return new SettingsError({
    code: "corrupt",
    message: `what is stored under the key is not a settings record: ${reason}`,
  });
}
