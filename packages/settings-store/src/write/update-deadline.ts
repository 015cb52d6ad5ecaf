import type { Clock } from "@babylon/llm-core";
import { SettingsError } from "../errors/settings-error.ts";

/** The time limit of one whole update: the queue, reads, the caller's function and retries. */
export interface UpdateDeadline {
  /** Throws `timeout` after the time limit. */
  assertTimeLeft(): void;
  /**
   * Runs the write itself, which has its own time limit. The deadline does not interrupt it, because the caller needs the outcome of a
   * write that was sent. Throws `timeout` when the time limit passed before it starts.
   */
  duringWrite<T>(write: () => Promise<T>): Promise<T>;
}

/** Runs an update for at most `limitMs`, plus the rest of a write in flight at that time. */
export function withUpdateDeadline<T>(
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
  update: (deadline: UpdateDeadline) => Promise<T>,
): Promise<T> {
  let isExpired = false;
  let isWriting = false;
  return new Promise<T>((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      isExpired = true;
      if (!isWriting) reject(updateTimeout(limitMs));
    }, limitMs);

    function assertTimeLeft(): void {
      if (isExpired) throw updateTimeout(limitMs);
    }

    const deadline: UpdateDeadline = {
      assertTimeLeft,
      async duringWrite(write) {
        assertTimeLeft();
        isWriting = true;
        try {
          return await write();
        } finally {
          isWriting = false;
        }
      },
    };
    update(deadline)
      .finally(() => clock.clearTimeout(timer))
      .then(resolve, reject);
  });
}

function updateTimeout(limitMs: number): SettingsError {
  return new SettingsError({
    code: "timeout",
    message: `the update took longer than ${limitMs} ms in all (updateTimeoutMs) and was not applied`,
  });
}
