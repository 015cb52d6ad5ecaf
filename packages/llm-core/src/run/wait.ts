import { LONGEST_TIMER_MS, type TimerHandle } from "../contract/clock.ts";
import { addInterruptionListener, type Call, type InterruptionListener, removeInterruptionListener } from "./call.ts";

/** Waits for the promise; resolves with `null` after `ms` (`null`: no timeout); rejects with the call's interruption. */
function wait<T>(call: Call, promise: Promise<T> | null, ms: number | null): Promise<T | null> {
  return new Promise((resolve, reject) => {
    let timer: TimerHandle | null = null;
    const cleanUp = (): void => {
      removeInterruptionListener(call, interrupted);
      if (timer !== null) call.clock.clearTimeout(timer);
    };
    const interrupted: InterruptionListener = (error) => {
      cleanUp();
      reject(error);
    };
    promise?.then(
      (value) => {
        cleanUp();
        resolve(value);
      },
      (error: unknown) => {
        cleanUp();
        reject(error);
      },
    );
    addInterruptionListener(call, interrupted);
    if (ms === null || call.interruption !== null) return;
    timer = call.clock.setTimeout(() => {
      cleanUp();
      resolve(null);
    }, ms);
  });
}

/** Waits for the promise; rejects with the call's interruption if that comes first. */
export function unlessInterrupted<T>(call: Call, promise: Promise<T>): Promise<T> {
  // Without a timeout, `null` can only come from the promise.
  return wait(call, promise, null) as Promise<T>;
}

/** Waits for the promise; resolves with `null` after `maxWaitMs` (`null`: no timeout); rejects with the call's interruption. */
export function withTimeout<T>(call: Call, promise: Promise<T>, maxWaitMs: number | null): Promise<T | null> {
  const tooLong = maxWaitMs === null || maxWaitMs > LONGEST_TIMER_MS;
  return wait(call, promise, tooLong ? null : Math.ceil(maxWaitMs));
}

/** Resolves after `ms`; rejects with the call's interruption. */
export async function sleep(call: Call, ms: number): Promise<void> {
  await wait(call, null, Math.min(ms, LONGEST_TIMER_MS));
}
