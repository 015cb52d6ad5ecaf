import {
  type ExperimentArm,
  type ExperimentAudience,
  type ExperimentSettings,
  isRollout,
  type SystemSettings,
} from "@babylon/llm-core";
import { type ExperimentsChange, knownExperiments } from "./experiments-settings.ts";

type Experiments = ExperimentsChange["experiments"];

/** The lists of an audience. A rollout has no layer. */
type Lists = Pick<ExperimentAudience, "agents" | "purposes" | "tenants">;

const LISTS = ["agents", "purposes", "tenants"] as const;

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
 * The experiments of a change that makes an arm the rule for the audience of its experiment: a rollout of it, and the rollouts that it
 * replaces. Those of an earlier winner give these calls away, and end when none is left. Pure.
 */
export function rolloutOf(
  settings: SystemSettings,
  id: string,
  { metric, direction, audience }: ExperimentSettings,
  arm: ExperimentArm,
): Experiments {
  const known = knownExperiments(settings);
  const lists = listsOf(audience);
  const replaced = Object.entries(known).flatMap(([other, experiment]) => {
    const change = other === id ? null : withoutCalls(experiment, lists);
    return change === null ? [] : [[other, change] as const];
  });
  const { paused: _, ...promoted } = arm;
  const rollout: ExperimentSettings = {
    state: "running",
    unit: "call",
    arms: [{ ...promoted, weight: WHOLE }],
    audience: lists,
    metric,
    direction,
  };
  return { ...Object.fromEntries(replaced), [freeId(id, settings.experiments ?? {})]: rollout };
}

const listsOf = (audience: ExperimentAudience = {}): Lists =>
  Object.fromEntries(
    LISTS.flatMap((name) => {
      const list = audience[name];
      return list === undefined ? [] : [[name, list] as const];
    }),
  );

/**
 * The change of an earlier rollout whose calls get a new arm; `null`: it keeps all of its calls. Calls can be taken away where they are a part of
 * one of its lists: of other overlaps the store refuses the change, and names the rollout.
 */
function withoutCalls(experiment: ExperimentSettings, taken: Lists): Partial<ExperimentSettings> | null {
  const { state, audience } = experiment;
  if (state !== "running" || !isRollout(experiment)) return null;
  const [name, second] = LISTS.filter((each) => !hasOnly(audience?.[each], taken[each]));
  if (name === undefined) return { state: "stopped" };
  const own = audience?.[name];
  if (second !== undefined || own === undefined) return null;
  const left = own.filter((each) => taken[name]?.includes(each) !== true);
  return left.length === own.length ? null : { audience: { ...audience, [name]: left } };
}

/** Whether a list has only what the other one contains; an absent one contains everything. */
const hasOnly = (some: readonly string[] | undefined, all: readonly string[] | undefined): boolean =>
  all === undefined || some?.every((each) => all.includes(each)) === true;
