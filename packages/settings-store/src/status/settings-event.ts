import type { Logger } from "@babylon/llm-core";
import type { SettingsError } from "../errors/settings-error.ts";

/**
 * What happens to the store itself, as opposed to the settings: `stale` once when the backend stops answering properly, `recovered`
 * once when it does again.
 */
export interface SettingsEvent {
  readonly type: "stale" | "recovered";
  /** ISO 8601. */
  readonly at: string;
  /** What went wrong; `null` for `recovered`. */
  readonly error: SettingsError | null;
}

/** Calls a function of the caller's that must not be able to break the store. */
export function callSafely(logger: Logger, what: string, call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch((thrown: unknown) => logFailure(logger, what, thrown));
  } catch (thrown) {
    logFailure(logger, what, thrown);
  }
}

function logFailure(logger: Logger, what: string, thrown: unknown): void {
  try {
    logger.error(`settings: ${what} failed`, { error: thrown instanceof Error ? thrown.message : String(thrown) });
  } catch {
    // A logger that throws is ignored.
  }
}
