import type { Progress } from "./progress.ts";
import { advance, finishedLine, type TickState } from "./stage-state.ts";

/** For a log or a pipe: one line at the start and the end of each stage, one for each lost call. */
export function createPlainProgress(write: (text: string) => void): Progress {
  let state: TickState = [];
  return {
    update(event) {
      state = advance(state, event);
      if (event.type === "stage-started") write(`${event.stage}: ${event.what} ...\n`);
      if (event.type === "call-lost") write(`LOST ${event.lost.what} (${event.lost.code ?? "unknown"})\n`);
      if (event.type === "stage-finished") {
        const finished = state.find((one) => one.stage === event.stage);
        if (finished !== undefined) write(`${finishedLine(finished)}\n`);
      }
    },
    note: (line) => write(`${line}\n`),
    end() {},
  };
}
