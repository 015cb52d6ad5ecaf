import type { Logger } from "@babylon/llm-core";

/** Calls a function of the caller's. What it throws or rejects with is logged, so that it cannot break the store. */
export function callSafely(logger: Logger, name: string, call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch((thrown: unknown) => logFailure(logger, name, thrown));
  } catch (thrown) {
    logFailure(logger, name, thrown);
  }
}

function logFailure(logger: Logger, name: string, thrown: unknown): void {
  try {
    logger.error(`settings: ${name} failed`, { error: thrown instanceof Error ? thrown.message : String(thrown) });
  } catch {
    // A logger that throws is ignored.
  }
}
