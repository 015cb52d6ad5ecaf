import { randomUUID } from "node:crypto";
import { nonThrowingLogger, silentLogger, systemClock } from "@babylon/llm-core";
import { checkDuration } from "./contract/check-number.ts";
import { invalid } from "./contract/invalid.ts";
import type { SharedState, SharedStateOptions } from "./contract/shared-state.ts";
import { createSharedState } from "./create-shared-state.ts";
import { openEngine } from "./open-engine.ts";

/**
 * Opens the state that processes share, and connects. While the engine is away this resolves all the same: calls fail at once, and the
 * engine is checked every second.
 *
 * Throws a `StorageError`: `invalid` for a URL or an option that is not valid, `unavailable` if the driver is not installed or the folder
 * of the file cannot be created, `corrupt` if the file is not a database.
 */
export async function openSharedState(options: SharedStateOptions): Promise<SharedState> {
  const { url, at = "url", prefix = "babylon", clock = systemClock, random = Math.random, importPackage } = options;
  const logger = nonThrowingLogger(options.logger ?? silentLogger);
  const timeoutMs = options.timeoutMs === undefined ? null : checkDuration("timeoutMs", options.timeoutMs);
  if (!/^[a-z0-9_]{1,40}$/i.test(prefix)) throw invalid("prefix", "expected up to 40 letters, digits and _");
  const createId = (): string => randomUUID();
  const opened = await openEngine({ url, at, prefix, timeoutMs, clock, random, importPackage, createId });
  return createSharedState({ ...opened, prefix, clock, logger, createId });
}
