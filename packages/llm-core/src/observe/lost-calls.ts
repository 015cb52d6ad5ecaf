import type { CallRecord } from "../contract/call-record.ts";
import type { Clock } from "../contract/clock.ts";
import type { Logger } from "../contract/logger.ts";
import { isUnserved } from "../figures/call-stats.ts";

/** Logs the calls that are lost. */
export interface LostCalls {
  /** To be given each call that has ended. */
  ended(record: CallRecord): void;
  /** Logs what is still unlogged: no more calls come. */
  close(): void;
}

const QUIET_MS = 1_000;
/** Attempts named in a line; a call for an array may make hundreds. */
const SHOWN = 8;

/** `a/model-1: server (req_1), b/model-2: timeout` */
function describeAttempts({ attempts }: CallRecord): string {
  const lastAttempts = attempts.slice(-SHOWN).map(({ provider, model, outcome, error, requestId }) => {
    const id = requestId === null ? "" : ` (${requestId})`;
    return `${provider}/${model}: ${error?.code ?? outcome}${id}`;
  });
  const hidden = attempts.length - lastAttempts.length;
  return `${hidden > 0 ? `${hidden} earlier, ` : ""}${lastAttempts.join(", ")}`;
}

/**
 * One error line for a lost call, at most one a second; the next one has the number of suppressed ones. Ids, codes and
 * links only: messages of vendors may quote anything.
 */
export function createLostCalls(clock: Clock, logger: Logger): LostCalls {
  let loggedMonoMs = Number.NEGATIVE_INFINITY;
  let suppressed = 0;

  function flush(): void {
    if (suppressed === 0) return;
    logger.error("more calls were lost", { suppressed });
    suppressed = 0;
    loggedMonoMs = clock.monotonic();
  }

  return {
    ended(record) {
      const isQuiet = clock.monotonic() - loggedMonoMs < QUIET_MS;
      if (!isUnserved(record)) {
        if (!isQuiet) flush();
        return;
      }
      if (isQuiet) {
        suppressed += 1;
        return;
      }
      logger.error("a call was lost", {
        callId: record.callId,
        code: record.error?.code ?? null,
        agent: record.agent,
        purpose: record.purpose,
        durationMs: Math.round(record.durationMs),
        attempts: describeAttempts(record),
        suppressed,
      });
      loggedMonoMs = clock.monotonic();
      suppressed = 0;
    },
    close: flush,
  };
}
