import type { Call } from "../run/call.ts";
import { within } from "../run/wait.ts";

/**
 * Divides long work of one call into slices, so that an answer of a megabyte does not keep all other calls of the process waiting.
 * Who does the work asks often whether a slice is over, and if so lets the others have their turn.
 */
export interface Pace {
  /** Work begins, or goes on after other work of the same turn. */
  begin(): void;
  /** Work ends for now; what it took counts until the next turn. */
  end(): void;
  /** Whether so much has been done since the latest turn that another one is due. */
  isDue(): boolean;
  /** Lets everything else that waits have its turn. Rejects with the call's interruption. */
  turn(): Promise<void>;
  /** Ends a turn that is waited for. */
  cutShort(): void;
}

/** Short enough for what waits, and long enough that the turns, of a millisecond each, cost little. */
const SLICE_MS = 8;

/** For the work of one call. */
export function createPace(call: Call): Pace {
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
    isDue: () => spentMs + clock.monotonic() - begunMono >= SLICE_MS,
    async turn() {
      const early = new Promise<void>((resolve) => {
        cutShort = resolve;
      });
      await within(call, early, 0);
      spentMs = 0;
      begunMono = clock.monotonic();
    },
    cutShort: () => cutShort(),
  };
}

/** For texts that are read at once. */
export const UNPACED: Pace = {
  begin() {},
  end() {},
  isDue: () => false,
  turn: () => Promise.resolve(),
  cutShort() {},
};
