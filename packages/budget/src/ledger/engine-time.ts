import type { Clock } from "@babylon/llm-core";

/** The engine's time, estimated from its last answer: windows are chosen by it, so that a wrong clock of this process changes nothing. */
export interface EngineTime {
  /** Notes the time of an answer. */
  note(serverEpochMs: number): void;
  /** Epoch milliseconds; `null`: there was no answer yet. */
  nowEpochMs(): number | null;
}

/** Creates an estimate without an answer. */
export function createEngineTime(clock: Pick<Clock, "monotonic">): EngineTime {
  let offsetMs: number | null = null;
  return {
    note(serverEpochMs) {
      offsetMs = serverEpochMs - clock.monotonic();
    },
    nowEpochMs: () => (offsetMs === null ? null : Math.floor(offsetMs + clock.monotonic())),
  };
}
