import type { CallRecord, Recorder } from "../contract/call-record.ts";
import { type Clock, LONGEST_TIMER_MS } from "../contract/clock.ts";
import type { Logger } from "../contract/logger.ts";

/** Delivers records to recorders. */
export interface Recording {
  /** Never throws, never blocks. */
  record(record: CallRecord): void;
  /**
   * Resolves when every recorder has finished every record so far, at the latest after `drainMs`; then a warning with the number of
   * unfinished deliveries is logged.
   */
  drain(): Promise<void>;
}

/** The parts of a client that recording uses. */
export interface RecordingHost {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Maximum duration of `drain()`, milliseconds. */
  readonly drainMs: number;
}

/** Creates the recording of a client. Recorders run after the call has settled; their errors are logged and ignored. */
export function createRecording(recorders: readonly Recorder[], { clock, logger, drainMs }: RecordingHost): Recording {
  /** Number of deliveries in flight. Not their promises: a recorder that never settles must not keep anything in memory. */
  let unfinished = 0;
  let whenFinished: (() => void) | null = null;
  const failed = (): void => logger.error("a recorder failed");

  function finish(): void {
    unfinished -= 1;
    if (unfinished === 0) whenFinished?.();
  }

  function deliver(record: CallRecord): void {
    for (const recorder of recorders) {
      try {
        const result = recorder(record);
        if (result === undefined) continue;
        unfinished += 1;
        Promise.resolve(result).catch(failed).finally(finish);
      } catch {
        failed();
      }
    }
    finish();
  }

  return {
    record(record) {
      if (recorders.length === 0) return;
      unfinished += 1;
      Promise.resolve(record).then(deliver);
    },
    drain() {
      if (unfinished === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          whenFinished = null;
          clock.clearTimeout(timer);
          resolve();
        };
        const timer = clock.setTimeout(
          () => {
            logger.warn("closed before every recorder had finished", { unfinished, drainMs });
            end();
          },
          Math.min(drainMs, LONGEST_TIMER_MS),
        );
        whenFinished = end;
      });
    },
  };
}
