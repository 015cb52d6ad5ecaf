import type { Clock } from "@babylon/llm-core";
import { SettingsError } from "../errors/settings-error.ts";

/** The time that one update has in all: waiting for its turn, reading, the caller's function, starting over. */
export interface UpdateDeadline {
  /** Throws `timeout` when the time is over. */
  assertTimeLeft(): void;
  /**
   * Runs the write itself, which has a limit of its own. The deadline does not interrupt it, because a write that was sent has an
   * outcome that the caller must be told. Throws `timeout` when the time is over before it begins.
   */
  duringWrite<T>(write: () => Promise<T>): Promise<T>;
}

/** Runs an update for at most `limitMs`, and for as long as a write that is under way by then takes. */
export function withUpdateDeadline<T>(
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
  update: (deadline: UpdateDeadline) => Promise<T>,
): Promise<T> {
  let isOver = false;
  let isWriting = false;
  return new Promise<T>((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      isOver = true;
      if (!isWriting) reject(tooLong(limitMs));
    }, limitMs);

    function assertTimeLeft(): void {
      if (isOver) throw tooLong(limitMs);
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

function tooLong(limitMs: number): SettingsError {
  return new SettingsError({
    code: "timeout",
    message: `the update took longer than ${limitMs} ms in all (updateTimeoutMs) and was not applied`,
  });
}
