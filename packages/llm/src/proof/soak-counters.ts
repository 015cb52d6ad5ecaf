import type { AttemptGate } from "@babylon/llm-core";
import { SIMULATED_PROVIDERS } from "@babylon/llm-testing";

const PLACES: readonly string[] = SIMULATED_PROVIDERS;
const PREFIX = "soak-";

/** The id of a numbered call. */
export const callIdOf = (number: number): string => `${PREFIX}${number}`;

/** Requests or attempts per call and provider. */
export interface CallTally {
  add(callId: string | null, provider: string): void;
  readonly counts: Uint16Array;
}

/** Counts per call and provider, without keeping anything that grows. */
export function createCallTally(calls: number): CallTally {
  const counts = new Uint16Array(calls * SIMULATED_PROVIDERS.length);
  return {
    add(callId: string | null, provider: string): void {
      const call = Number(callId?.slice(PREFIX.length));
      const place = PLACES.indexOf(provider);
      const at = call * SIMULATED_PROVIDERS.length + place;
      if (Number.isInteger(at) && place >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    counts,
  };
}

/** A gate that permits everything, every other time after a turn, and counts. */
export function createCountingGate(): { gate: AttemptGate; unsettled: () => number } {
  let given = 0;
  let settled = 0;
  const permit = () => {
    given += 1;
    let isSettled = false;
    return {
      settle() {
        settled += isSettled ? 2 : 1;
        isSettled = true;
      },
    };
  };
  const gate: AttemptGate = {
    admit: () => (given % 2 === 0 ? permit() : new Promise((resolve) => setImmediate(() => resolve(permit())))),
  };
  return { gate, unsettled: () => Math.abs(given - settled) };
}
