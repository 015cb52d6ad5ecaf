import { createHash } from "node:crypto";
import { messageOf, type RedisStorage, StorageError } from "@babylon/storage";

/** Runs Lua scripts by their hash. */
export interface RedisScripts {
  run(script: string, key: string, args: readonly string[], signal: AbortSignal): Promise<unknown>;
}

/**
 * Creates a runner of scripts. A node that does not know one, because it was restarted, gets all of them at once: not one text with each
 * of many concurrent calls.
 */
export function createRedisScripts(storage: RedisStorage, scripts: readonly string[]): RedisScripts {
  const hashes = new Map(scripts.map((script) => [script, createHash("sha1").update(script).digest("hex")]));
  /** By key, because the keys of a cluster are on different nodes. */
  const loading = new Map<string, Promise<void>>();

  async function loadAll(key: string, signal: AbortSignal): Promise<void> {
    const options = { signal, applied: "no" } as const;
    await Promise.all(scripts.map((script) => storage.command(["SCRIPT", "LOAD", script], key, options)));
  }

  function load(key: string, signal: AbortSignal): Promise<void> {
    const current = loading.get(key);
    if (current !== undefined) return current;
    const started = loadAll(key, signal).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  }

  return {
    async run(script, key, args, signal) {
      const command = ["EVALSHA", hashes.get(script) ?? "", "1", key, ...args] as const;
      const options = { signal, applied: "unknown" } as const;
      try {
        return await storage.command(command, key, options);
      } catch (thrown) {
        if (!isUnknownScript(thrown)) throw thrown;
        await load(key, signal);
        return storage.command(command, key, options);
      }
    },
  };
}

function isUnknownScript(thrown: unknown): boolean {
  return thrown instanceof StorageError && messageOf(thrown.cause).startsWith("NOSCRIPT");
}
