import { formatElapsed } from "../report/format-elapsed.ts";
import { STAGES, type Stage, type TickEvent } from "../tick/tick-event.ts";

/** The progress of one stage of the tick. */
export interface StageState {
  readonly stage: Stage;
  readonly what: string;
  readonly calls: number;
  readonly lost: number;
  /** The number of calls that each provider has served, by its id, in the order of their first calls. */
  readonly served: Readonly<Record<string, number>>;
  /** `null` while it runs. */
  readonly durationMs: number | null;
}

/** The started stages, in the order of a tick. */
export type TickState = readonly StageState[];

/** The state after an event. Events that are not about a stage do not change it. */
export function advance(state: TickState, event: TickEvent): TickState {
  if (event.type === "stage-started") {
    const { stage, what, calls } = event;
    const begun: StageState = { stage, what, calls, lost: 0, served: {}, durationMs: null };
    return [...state, begun].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
  }
  return state.map((one) => {
    if (!("stage" in event) || one.stage !== event.stage) return one;
    switch (event.type) {
      case "call-served":
        return { ...one, served: { ...one.served, [event.provider]: (one.served[event.provider] ?? 0) + 1 } };
      case "call-lost":
        return { ...one, lost: one.lost + 1 };
      case "stage-finished":
        return { ...one, durationMs: event.durationMs };
      default:
        return one;
    }
  });
}

const BAR = 20;
const NAME = Math.max(...STAGES.map((stage) => stage.length));

/** One line for a stage, with a progress bar: `posts      [#####.....]  4/8   1.2 s  wandb 3, groq 1`. */
export function barLine(state: StageState, elapsedMs: number): string {
  const done = doneOf(state);
  const filled = state.calls === 0 ? BAR : Math.round((done / state.calls) * BAR);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR - filled)}`;
  const count = `${done}/${state.calls}`.padStart(7);
  return `${state.stage.padEnd(NAME)}  ${bar}${count}  ${formatElapsed(state.durationMs ?? elapsedMs).padStart(7)}  ${whoServed(state)}`.trimEnd();
}

/** One line for a log, for a finished stage. */
export function finishedLine(state: StageState): string {
  const count = `${doneOf(state) - state.lost} of ${state.calls} calls served`;
  return [`${state.stage}: ${count} in ${formatElapsed(state.durationMs ?? 0)}`, whoServed(state)]
    .filter((part) => part !== "")
    .join(", ");
}

const doneOf = (state: StageState): number =>
  Object.values(state.served).reduce((sum, calls) => sum + calls, 0) + state.lost;

function whoServed({ served, lost }: StageState): string {
  const parts = Object.entries(served).map(([provider, calls]) => `${provider} ${calls}`);
  return [...parts, ...(lost > 0 ? [`LOST ${lost}`] : [])].join(", ");
}
