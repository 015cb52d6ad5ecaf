import type { ExperimentSettings } from "@babylon/llm-core";
import { compareArms } from "./compare.ts";
import type { LookTotals } from "./course-totals.ts";
import type { ExperimentLook } from "./experiment-report.ts";
import { comparingOf } from "./to-report.ts";
import { createUnitSample } from "./unit-sample.ts";

/** The comparisons of several looks. Pure. */
export function toCourse(
  settings: ExperimentSettings,
  at: readonly number[],
  totals: readonly LookTotals[],
): readonly ExperimentLook[] {
  const [control, ...others] = settings.arms.filter(({ shadow }) => shadow !== true);
  const comparing = { ...comparingOf(settings), direction: settings.direction };
  return totals.map(({ units, samples }, look) => {
    const sampleOf = (arm: string) => samples.get(arm) ?? createUnitSample();
    const base = sampleOf(control?.id ?? "");
    return {
      at: at[look] ?? 0,
      units,
      comparison: others.map(({ id }) => compareArms(id, base, sampleOf(id), comparing)),
    };
  });
}
