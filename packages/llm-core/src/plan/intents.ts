import type { Assignment, Exposure } from "../contract/call-router.ts";
import type { PlannedChain } from "./plan-inputs.ts";

/** An assignment with the link that it intends. */
export type Intent = Omit<Exposure, "served">;

/** The intents of a call that is in no experiment. */
export const NO_INTENTS: readonly Intent[] = [];

/**
 * The links that the assignments of a planned call intend: that of the arm's provider, even if it is skipped, else the first of the healthy
 * chain.
 */
export function intentsOf(planned: PlannedChain): readonly Intent[] {
  const { experiments } = planned;
  if (experiments.length === 0) return NO_INTENTS;
  return experiments.map((assignment) => ({ ...assignment, intended: intendedLink(assignment, planned) }));
}

function intendedLink(assignment: Assignment, { chain, providers }: PlannedChain): Intent["intended"] {
  const isApplied = assignment.excluded === undefined && assignment.provider !== undefined;
  const id = isApplied ? assignment.provider : chain.primary;
  const resolved = providers.find(({ provider }) => provider.id === id);
  if (resolved !== undefined) return { provider: resolved.provider.id, model: resolved.model };
  const { provider, model } = assignment;
  return isApplied && provider !== undefined && model !== undefined ? { provider, model } : null;
}

/** The exposures of a call that has ended. @param answer - the link that answered; `null`: none did */
export function toExposures(
  intents: readonly Intent[],
  answer: { readonly provider: string; readonly model: string } | null,
): readonly Exposure[] {
  return intents.map((intent) => ({ ...intent, served: servedBy(intent, answer) }));
}

function servedBy({ intended }: Intent, answer: Parameters<typeof toExposures>[1]): Exposure["served"] {
  if (answer === null) return "none";
  return intended?.provider === answer.provider && intended.model === answer.model ? "intended" : "fallback";
}
