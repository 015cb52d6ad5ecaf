import type { World } from "../world/world.ts";
import type { TickSettings } from "./load-settings.ts";
import type { LostCall, Stage, TickEvent } from "./tick-event.ts";
import type { TickLLM } from "./tick-llm.ts";

/** The state of a running tick, shared by its stages. Each `executeGameTick` has its own. */
export interface Tick {
  /** The prefix of every call id of the tick. */
  readonly id: string;
  readonly seed: number;
  readonly llm: TickLLM;
  readonly world: World;
  readonly agents: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly abortSignal: AbortSignal | undefined;
  readonly readSettings: () => Promise<TickSettings>;
  readonly onProgress: (event: TickEvent) => void;
  /** Grows while the tick runs. */
  readonly lost: LostCall[];
  readonly counters: { calls: number };
}

/** The description of a stage. */
export interface PlannedStage {
  readonly stage: Stage;
  readonly calls: number;
  /** For display: `10 articles at once`. */
  readonly what: string;
}

/** Runs one stage of a tick and emits its start and its duration. */
export async function runStage<T>(tick: Tick, planned: PlannedStage, work: () => Promise<T>): Promise<T> {
  const { stage } = planned;
  const startedAt = performance.now();
  tick.onProgress({ type: "stage-started", ...planned });
  const made = await work();
  tick.onProgress({ type: "stage-finished", stage, durationMs: performance.now() - startedAt });
  return made;
}

/** The entries of a list without `null`. */
export function present<T>(entries: readonly (T | null)[]): T[] {
  return entries.filter((entry) => entry !== null);
}
