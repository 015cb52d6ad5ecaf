import { type ExperimentSettings, isRecord, type SystemSettings } from "@babylon/llm-core";
import { isEqual, ownMember } from "./merge-patch.ts";
import { parseChangedExperiments } from "./parse-settings.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Checks the experiments that a change has touched, and renews those that have begun and whose arms were changed: they get a new version and a
 * new seed, because results of different arms must not be mixed, and units must not keep what they were used to. A change that sets the
 * version itself is kept as it is. Throws `invalid`. Pure.
 */
export function changeExperiments(before: SystemSettings, after: SystemSettings): SystemSettings {
  const [stored, changed] = [tableOf(before), tableOf(after)];
  const touched = Object.keys(changed).filter((id) => !isEqual(ownMember(stored, id), changed[id]));
  if (touched.length === 0) return after;
  const isNew = (id: string): boolean => touched.includes(id);
  // Those that nobody has touched may be of a newer version; they are checked for overlaps if they are known.
  const checked = parseChangedExperiments(changed, isNew);
  const renewed = touched.map((id) => [id, renew(id, ownMember(stored, id), checked[id])] as const);
  return { ...after, experiments: { ...after.experiments, ...present(renewed) } };
}

function tableOf({ experiments }: SystemSettings): Members {
  return isRecord(experiments) ? experiments : {};
}

function present(
  entries: readonly (readonly [string, ExperimentSettings | undefined])[],
): Readonly<Record<string, ExperimentSettings>> {
  return Object.fromEntries(
    entries.flatMap(([id, experiment]) => (experiment === undefined ? [] : [[id, experiment]])),
  );
}

/** The fields that determine which calls get which arm. Pausing an arm moves no unit to another. */
function assignmentOf({ unit, seed, arms }: Members): unknown {
  const list: readonly unknown[] = Array.isArray(arms) ? arms : [];
  return { unit, seed, arms: list.map((arm) => (isRecord(arm) ? { ...arm, paused: undefined } : arm)) };
}

function renew(id: string, before: unknown, after: ExperimentSettings | undefined): ExperimentSettings | undefined {
  if (after === undefined || !isRecord(before) || before.state === "draft") return after;
  const version = Number(before.version ?? 1);
  if (version !== (after.version ?? 1) || isEqual(assignmentOf(before), assignmentOf({ ...after }))) return after;
  const seed = before.seed === after.seed ? `${id}-v${version + 1}` : after.seed;
  return { ...after, version: version + 1, seed };
}
