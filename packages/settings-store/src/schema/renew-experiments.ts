import type { ExperimentSettings, SystemSettings } from "@babylon/llm-core";
import { isEqual, ownMember } from "./merge-patch.ts";

/** The fields that determine which calls get which arm. Pausing an arm moves no unit to another. */
function assignmentOf({ unit, seed, arms, version }: ExperimentSettings): unknown {
  return { unit, seed, version, arms: arms.map(({ paused: _, ...arm }) => arm) };
}

/**
 * Settings after a change, where an experiment that has begun and whose arms were changed has a new version and a new seed: results of
 * different arms must not be mixed, and units must not keep what they were used to. A change that sets the version is kept as it is. Pure.
 */
export function renewExperiments(before: SystemSettings, after: SystemSettings): SystemSettings {
  const { experiments } = after;
  if (experiments === undefined || before.experiments === undefined) return after;
  const renewed = Object.entries(experiments).map(([id, experiment]) => {
    // The member is one of the experiments.
    const previous = ownMember(before.experiments ?? {}, id) as ExperimentSettings | undefined;
    return [id, previous === undefined ? experiment : renew(id, previous, experiment)] as const;
  });
  return { ...after, experiments: Object.fromEntries(renewed) };
}

function renew(id: string, before: ExperimentSettings, after: ExperimentSettings): ExperimentSettings {
  if (before.state === "draft") return after;
  if ((before.version ?? 1) !== (after.version ?? 1)) return after;
  if (isEqual(assignmentOf(before), assignmentOf(after))) return after;
  const version = (before.version ?? 1) + 1;
  const seed = before.seed === after.seed ? `${id}-v${version}` : after.seed;
  return { ...after, version, seed };
}
