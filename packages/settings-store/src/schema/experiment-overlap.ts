import { type ExperimentSettings, isRollout } from "@babylon/llm-core";

type List = readonly string[] | undefined;

/** Whether the arms of a running experiment change the chain. Others can share calls with any experiment. */
const isRouting = ({ state, arms }: ExperimentSettings): boolean =>
  state === "running" &&
  arms.some(({ shadow, provider, models }) => shadow !== true && (provider !== undefined || models !== undefined));

const LISTS = ["agents", "purposes", "tenants"] as const;

const haveCommon = (a: List, b: List): boolean =>
  a === undefined || b === undefined || a.some((item) => b.includes(item));

function areInDisjointRanges(a: ExperimentSettings, b: ExperimentSettings): boolean {
  const [one, other] = [a.audience, b.audience];
  if (one?.layer === undefined || one.layer !== other?.layer || a.unit !== b.unit) return false;
  const [[from, to] = [0, 1], [otherFrom, otherTo] = [0, 1]] = [one.layerRange, other.layerRange];
  return to <= otherFrom || otherTo <= from;
}

/** The ids of two running experiments that would change the chain of the same calls; `null`: there are none. Pure. */
export function findOverlap(
  experiments: Readonly<Record<string, ExperimentSettings>>,
): readonly [string, string] | null {
  const routing = Object.entries(experiments).filter(([, experiment]) => isRouting(experiment));
  for (const [index, [id, b]] of routing.entries()) {
    for (const [other, a] of routing.slice(0, index)) {
      const mayMeet = LISTS.every((list) => haveCommon(a.audience?.[list], b.audience?.[list]));
      // A rule for all calls of an audience gives way to an experiment that compares arms.
      if (mayMeet && isRollout(a) === isRollout(b) && !areInDisjointRanges(a, b)) return [id, other];
    }
  }
  return null;
}
