import type { Clock } from "../contract/clock.ts";
import type { Logger } from "../contract/logger.ts";

/** What others plug into a client, by the words of the log. */
export type SeamName = "an observer" | "a gate" | "the pricer" | "the router" | "the shared slots";

/** Calls what others plugged in: what it throws is logged and goes no further. */
export interface SeamGuard {
  /** The result; `undefined` where it threw. A promise that it returns and that rejects is logged, too. */
  run<T>(seam: SeamName, method: string, call: () => T): T | undefined;
  /** Logs a failure, of one method at most once a minute: a line for each call would drown the log. */
  failed(seam: SeamName, method: string, thrown: unknown): void;
}

const QUIET_MS = 60_000;

/** No failure yet. */
export function createSeamGuard(clock: Clock, logger: Logger): SeamGuard {
  const logged = new Map<string, { atMonoMs: number; unlogged: number }>();

  function failed(seam: SeamName, method: string, thrown: unknown): void {
    const name = `${seam} ${method}`;
    const now = clock.monotonic();
    const before = logged.get(name);
    if (before !== undefined && now - before.atMonoMs < QUIET_MS) {
      before.unlogged += 1;
      return;
    }
    logged.set(name, { atMonoMs: now, unlogged: 0 });
    // The message of such an error may hold anything, also a prompt.
    const error = thrown instanceof Error ? thrown.name : typeof thrown;
    logger.error(`${seam} failed`, { method, error, unlogged: before?.unlogged ?? 0 });
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
