import type { CallRecord, Recorder } from "../contract/call-record.ts";
import { type Clock, LONGEST_TIMER_MS } from "../contract/clock.ts";
import type { Logger } from "../contract/logger.ts";

/** Hands records to recorders. */
export interface Recording {
  /** Never throws, never waits. */
  record(record: CallRecord): void;
  /**
   * Resolves when every recorder has finished with every record so far, at the latest after `drainMs`: then a warning says how many
   * deliveries were left.
   */
  drain(): Promise<void>;
}

/** What recording needs of its client. */
export interface RecordingHost {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long recorders are waited for at the end, milliseconds. */
  readonly drainMs: number;
}

/** Recorders run after the call has settled; what they throw is logged and goes no further. */
export function createRecording(recorders: readonly Recorder[], { clock, logger, drainMs }: RecordingHost): Recording {
  /** Deliveries under way. A number, so that nothing is kept of a recorder that never settles. */
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
