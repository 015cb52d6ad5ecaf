import type { Call } from "../run/call.ts";
import { withTimeout } from "../run/wait.ts";

/**
 * Divides long work of one call into time slices, so that an answer of one megabyte does not block the other calls of the process. The
 * worker checks `isSliceOver` often, and then calls `pause`.
 */
export interface TimeSlicer {
  /** Starts or continues work in the current turn of the event loop. */
  begin(): void;
  /** Stops work for now. The time spent counts until the next pause. */
  end(): void;
  /** Whether the slice is used up: time for a pause. */
  isSliceOver(): boolean;
  /** Yields to the event loop. Rejects with the call's interruption. */
  pause(): Promise<void>;
  /** Ends a pending pause. */
  resumeNow(): void;
}

/** Short enough for other calls, and long enough that pauses of about 1 ms add little overhead. */
const SLICE_MS = 8;

/** Creates a slicer for the work of one call. */
export function createTimeSlicer(call: Call): TimeSlicer {
  const { clock } = call;
  let spentMs = 0;
  let begunMono = 0;
  let cutShort = (): void => {};
  return {
    begin() {
      begunMono = clock.monotonic();
    },
    end() {
      spentMs += clock.monotonic() - begunMono;
    },
    isSliceOver: () => spentMs + clock.monotonic() - begunMono >= SLICE_MS,
    async pause() {
      const resumed = new Promise<void>((resolve) => {
        cutShort = resolve;
      });
      await withTimeout(call, resumed, 0);
      spentMs = 0;
      begunMono = clock.monotonic();
    },
    resumeNow: () => cutShort(),
  };
}

/** For work that is not divided. */
export const NO_SLICING: TimeSlicer = {
  begin() {},
  end() {},
  isSliceOver: () => false,
  pause: () => Promise.resolve(),
  resumeNow() {},
};
