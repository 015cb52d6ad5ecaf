import { createHash } from "node:crypto";
import { messageOf, type RedisStorage, StorageError } from "@babylon/storage";

/** Runs Lua scripts by their hash, and sends the text of those that the server does not have. */
export interface RedisScripts {
  run(script: string, key: string, args: readonly string[], signal: AbortSignal): Promise<unknown>;
}

/** Creates a runner of scripts. */
export function createRedisScripts(storage: RedisStorage): RedisScripts {
  const hashes = new Map<string, string>();

  function hashOf(script: string): string {
    let hash = hashes.get(script);
    if (hash === undefined) {
      hash = createHash("sha1").update(script).digest("hex");
      hashes.set(script, hash);
    }
    return hash;
  }

  return {
    async run(script, key, args, signal) {
      const options = { signal, applied: "unknown" } as const;
      try {
        return await storage.command(["EVALSHA", hashOf(script), "1", key, ...args], key, options);
      } catch (thrown) {
        if (!isUnknownScript(thrown)) throw thrown;
        return storage.eval(script, { keys: [key], arguments: [...args] }, options);
      }
    },
  };
}

/** A server that was restarted has no scripts. */
function isUnknownScript(thrown: unknown): boolean {
  return thrown instanceof StorageError && messageOf(thrown.cause).startsWith("NOSCRIPT");
}
