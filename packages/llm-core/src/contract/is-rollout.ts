import type { ExperimentSettings } from "./experiment-settings.ts";

const WHOLE = 10_000;

/**
 * Whether an experiment has one arm that all calls of its audience get: the rule for this audience, such as the model of one purpose. Nothing is
 * compared, so no units are needed, and experiments that compare arms have a higher priority. Pure.
 */
export function isRollout({ arms, coverage = WHOLE, audience }: Omit<ExperimentSettings, "state">): boolean {
  return arms.length === 1 && coverage === WHOLE && audience?.layerRange === undefined;
}
