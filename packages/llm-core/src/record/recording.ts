import type { CallRecord, Recorder } from "../call-record.ts";
import type { Logger } from "../logger.ts";

/** Hands records to recorders. */
export interface Recording {
  /** Never throws, never waits. */
  record(record: CallRecord): void;
  /** Resolves when every recorder has finished with every record so far. */
  drain(): Promise<void>;
}

/** Recorders run after the call has settled; what they throw is logged and goes no further. */
export function createRecording(recorders: readonly Recorder[], logger: Logger): Recording {
  const running = new Set<Promise<void>>();
  const failed = (): void => logger.error("a recorder failed");

  return {
    record(record) {
      if (recorders.length === 0) return;
      const delivery: Promise<void> = Promise.resolve().then(() => {
        for (const recorder of recorders) {
          try {
            const result = recorder(record);
            if (result === undefined) continue;
            const tail = Promise.resolve(result)
              .catch(failed)
              .finally(() => running.delete(tail));
            running.add(tail);
          } catch {
            failed();
          }
        }
        running.delete(delivery);
      });
      running.add(delivery);
    },
    async drain() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
