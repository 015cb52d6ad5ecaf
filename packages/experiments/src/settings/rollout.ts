import {
  type ExperimentArm,
  type ExperimentAudience,
  type ExperimentSettings,
  isRollout,
  type SystemSettings,
} from "@babylon/llm-core";
import { type ExperimentsChange, knownExperiments } from "./experiments-settings.ts";

type Experiments = ExperimentsChange["experiments"];

const WHOLE = 10_000;

/** Ids have at most 100 characters. */
const MOST_OF_ID = 85;

/** A new id for the rollout of an experiment. */
function freeId(id: string, taken: Readonly<Record<string, unknown>>): string {
  const base = `${id.slice(0, MOST_OF_ID)}-rollout`;
  let free = base;
  for (let count = 2; Object.hasOwn(taken, free); count += 1) free = `${base}-${count}`;
  return free;
}

/**
 * The experiments of a change that makes an arm the rule for some purposes: a rollout of it, and the rollouts that it replaces. Those of an
 * earlier winner give these purposes away, and end when none is left. Pure.
 */
export function rolloutOf(
  settings: SystemSettings,
  id: string,
  { metric, direction, audience }: ExperimentSettings,
  arm: ExperimentArm,
  purposes: readonly string[],
): Experiments {
  const known = knownExperiments(settings);
  const agents = audience?.agents;
  const replaced = Object.entries(known).flatMap(([other, experiment]) => {
    const change = other === id ? null : withoutPurposes(experiment, purposes, agents);
    return change === null ? [] : [[other, change] as const];
  });
  const { paused: _, ...promoted } = arm;
  const rollout: ExperimentSettings = {
    state: "running",
    unit: "call",
    arms: [{ ...promoted, weight: WHOLE }],
    audience: { ...(agents === undefined ? {} : { agents }), purposes },
    metric,
    direction,
  };
  return { ...Object.fromEntries(replaced), [freeId(id, settings.experiments ?? {})]: rollout };
}

/** The change of an earlier rollout whose calls get a new arm; `null`: it keeps all of its calls. */
function withoutPurposes(
  experiment: ExperimentSettings,
  purposes: readonly string[],
  agents: ExperimentAudience["agents"],
): Partial<ExperimentSettings> | null {
  const { state, audience } = experiment;
  const own = audience?.purposes;
  if (state !== "running" || !isRollout(experiment) || own === undefined) return null;
  // Of other agents: the store refuses what would still overlap, and names it.
  if (agents !== undefined && !hasOnly(audience?.agents, agents)) return null;
  const left = own.filter((purpose) => !purposes.includes(purpose));
  if (left.length === own.length) return null;
  return left.length === 0 ? { state: "stopped" } : { audience: { ...audience, purposes: left } };
}

const hasOnly = (some: readonly string[] | undefined, all: readonly string[]): boolean =>
  some?.every((agent) => all.includes(agent)) === true;
