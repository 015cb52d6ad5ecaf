import { randomUUID } from "node:crypto";
import { systemClock } from "@babylon/llm-core";
import { parseStorageUrl } from "@babylon/storage";
import { invalid } from "./contract/invalid.ts";
import type { SharedState, SharedStateOptions } from "./contract/shared-state.ts";
import type { StateEngine } from "./contract/state-engine.ts";
import { createSharedState } from "./create-shared-state.ts";
import { createMemoryEngine } from "./memory/create-memory-engine.ts";

/** How long a server may be silent while calls wait for it. */
const SERVER_SILENCE_MS = 50;

/**
 * Opens the state that processes share, and connects. While the engine is away this resolves all the same: calls fail at once, and the
 * engine is checked every second.
 *
 * Throws a `StorageError`: `invalid` for a URL or an option that is not valid, `unavailable` if the driver is not installed or the file
 * cannot be opened.
 */
export async function openSharedState(options: SharedStateOptions): Promise<SharedState> {
  const { url, at = "url", prefix = "babylon", clock = systemClock } = options;
  if (!/^[a-z0-9_]{1,40}$/i.test(prefix)) throw invalid("prefix", "expected up to 40 letters, digits and _");
  const parsed = parseStorageUrl(url, at, process.cwd());
  const createId = () => randomUUID();
  switch (parsed.scheme) {
    case "memory":
      return createSharedState({ engine: createMemoryEngine(clock, createId()), clock, createId, silenceMs: null });
    default:
      throw invalid(at, `${parsed.scheme}:// is not built yet (${SERVER_SILENCE_MS})`);
  }
}

/** An engine that is being opened. */
export type { StateEngine };
