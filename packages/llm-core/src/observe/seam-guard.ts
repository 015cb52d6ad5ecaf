import type { Clock } from "../contract/clock.ts";
import type { Logger } from "../contract/logger.ts";

/** The extension points of a client, as log lines name them. */
export type SeamName = "an observer" | "a gate" | "the pricer" | "the router" | "the shared slots";

/** Calls extensions of a client: their errors are logged and ignored. */
export interface SeamGuard {
  /** The result; `undefined` if the extension threw. The rejection of a returned promise is logged, too. */
  run<T>(seam: SeamName, method: string, call: () => T): T | undefined;
  /** Logs a failure. Limited to one line per minute and method, since an extension may fail in every call. */
  failed(seam: SeamName, method: string, thrown: unknown): void;
}

const LOG_INTERVAL_MS = 60_000;

/** Creates the guard of a client. */
export function createSeamGuard(clock: Clock, logger: Logger): SeamGuard {
  const logged = new Map<string, { atMonoMs: number; unlogged: number }>();

  function failed(seam: SeamName, method: string, thrown: unknown): void {
    const name = `${seam} ${method}`;
    const now = clock.monotonic();
    const last = logged.get(name);
    if (last !== undefined && now - last.atMonoMs < LOG_INTERVAL_MS) {
      last.unlogged += 1;
      return;
    }
    logged.set(name, { atMonoMs: now, unlogged: 0 });
    // Without the message, which may contain a prompt.
    const error = thrown instanceof Error ? thrown.name : typeof thrown;
    logger.error(`${seam} failed`, { method, error, unlogged: last?.unlogged ?? 0 });
  }

  return {
    failed,
    run(seam, method, call) {
      try {
        const result = call();
        if (result instanceof Promise) result.catch((thrown: unknown) => failed(seam, method, thrown));
        return result;
      } catch (thrown) {
        failed(seam, method, thrown);
        return undefined;
      }
    },
  };
}
