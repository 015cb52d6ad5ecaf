import { type Clock, systemClock, type TimerHandle } from "@babylon/llm-core";
import type { Progress } from "./progress.ts";
import { advance, barLine, type TickState } from "./stage-state.ts";

/** The terminal to draw on. */
export interface Terminal {
  write(text: string): void;
  /** Its current width; lines are truncated to it, because a wrapped line cannot be redrawn. */
  columns(): number;
}

const REDRAW_MS = 100;

/** For a terminal: a progress bar for each started stage, redrawn in place, with notes above. */
export function createTerminalProgress(terminal: Terminal, clock: Clock = systemClock): Progress {
  let state: TickState = [];
  let drawn = 0;
  let timer: TimerHandle | null = null;
  const startedAt = new Map<string, number>();

  const erase = (): string => (drawn === 0 ? "" : `\u001B[${drawn}A\u001B[J`);
  const cut = (line: string): string => [...line].slice(0, Math.max(1, terminal.columns() - 1)).join("");

  const draw = (above: string = ""): void => {
    const now = clock.monotonic();
    const lines = state.map((one) => cut(barLine(one, now - (startedAt.get(one.stage) ?? now))));
    // One write per frame, so that no incomplete frame is visible.
    terminal.write(`${erase()}${above}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };

  const redrawLater = (): void => {
    timer ??= clock.setTimeout(() => {
      timer = null;
      draw();
      if (state.some((one) => one.durationMs === null)) redrawLater();
    }, REDRAW_MS);
  };

  return {
    update(event) {
      state = advance(state, event);
      if (event.type === "stage-started") startedAt.set(event.stage, clock.monotonic());
      if (event.type === "call-lost") draw(`LOST ${event.lost.what} (${event.lost.code ?? "unknown"})\n`);
      if (event.type === "stage-started" || event.type === "stage-finished") draw();
      redrawLater();
    },
    note: (line) => draw(`${line}\n`),
    end() {
      if (timer !== null) clock.clearTimeout(timer);
      timer = null;
      if (state.length > 0) draw();
      state = [];
      drawn = 0;
    },
  };
}
