import type { World } from "../world/world.ts";
import type { TickSettings } from "./load-settings.ts";
import type { LostCall, Stage, TickEvent } from "./tick-event.ts";
import type { TickLLM } from "./tick-llm.ts";

/** One tick under way: what its parts share. Belongs to one `executeGameTick`; nothing of it outlives that. */
export interface Tick {
  /** Begins every call id of the tick. */
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

/** One part of a tick, before it runs. */
export interface PlannedStage {
  readonly stage: Stage;
  readonly calls: number;
  /** For people: `10 articles at once`. */
  readonly what: string;
}

/** Runs one part of a tick and tells when it starts and how long it took. */
export async function runStage<T>(tick: Tick, planned: PlannedStage, work: () => Promise<T>): Promise<T> {
  const { stage } = planned;
  const startedAt = performance.now();
  tick.onProgress({ type: "stage-started", ...planned });
  const made = await work();
  tick.onProgress({ type: "stage-finished", stage, durationMs: performance.now() - startedAt });
  return made;
}

/** The entries of a list that are there. */
export function present<T>(entries: readonly (T | null)[]): T[] {
  return entries.filter((entry) => entry !== null);
}
