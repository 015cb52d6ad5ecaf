import { LONGEST_TIMER_MS, type TimerHandle } from "../contract/clock.ts";
import { addWaiter, type Call, removeWaiter, type Waiter } from "./call.ts";

/** The promise; or `null` when so many milliseconds have gone by (`null`: they never have); or the interruption. */
function wait<T>(call: Call, promise: Promise<T> | null, ms: number | null): Promise<T | null> {
  return new Promise((resolve, reject) => {
    let timer: TimerHandle | null = null;
    const over = (): void => {
      removeWaiter(call, interrupted);
      if (timer !== null) call.clock.clearTimeout(timer);
    };
    const interrupted: Waiter = (error) => {
      over();
      reject(error);
    };
    promise?.then(
      (value) => {
        over();
        resolve(value);
      },
      (error: unknown) => {
        over();
        reject(error);
      },
    );
    addWaiter(call, interrupted);
    if (ms === null || call.interruption !== null) return;
    timer = call.clock.setTimeout(() => {
      over();
      resolve(null);
    }, ms);
  });
}

/** The promise, or the interruption, whichever is first. */
export function until<T>(call: Call, promise: Promise<T>): Promise<T> {
  // Without a limit of time there is no `null` but the promise's own.
  return wait(call, promise, null) as Promise<T>;
}

/** The promise, or `null` when it takes longer than so many milliseconds (`null`: as long as it takes), or the interruption. */
export function within<T>(call: Call, promise: Promise<T>, patienceMs: number | null): Promise<T | null> {
  const tooLong = patienceMs === null || patienceMs > LONGEST_TIMER_MS;
  return wait(call, promise, tooLong ? null : Math.ceil(patienceMs));
}

/** Resolves after so many milliseconds; rejects with the interruption. */
export async function sleep(call: Call, ms: number): Promise<void> {
  await wait(call, null, Math.min(ms, LONGEST_TIMER_MS));
}
