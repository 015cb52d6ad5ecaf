import type { ExperimentSettings } from "@babylon/llm-core";
import type { ExperimentsChange } from "./experiments-settings.ts";

/** The change that pauses arms; the whole experiment if only one arm is left. Pure. `null`: they are paused already. */
export function pauseArms(
  id: string,
  { arms, state }: ExperimentSettings,
  harmful: readonly string[],
): ExperimentsChange | null {
  const isRunning = (arm: ExperimentSettings["arms"][number]): boolean => arm.paused !== true && arm.shadow !== true;
  if (state !== "running" || !arms.some((arm) => isRunning(arm) && harmful.includes(arm.id))) return null;
  const paused = arms.map((arm) => (harmful.includes(arm.id) ? { ...arm, paused: true } : arm));
  const isOver = paused.filter(isRunning).length < 2;
  return { experiments: { [id]: { arms: paused, ...(isOver ? { state: "paused" as const } : {}) } } };
}
