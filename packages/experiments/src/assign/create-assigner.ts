import type { AssignInput, Assignment, CallRouter, SystemSettings } from "@babylon/llm-core";
import { knownExperiments } from "../settings/experiments-settings.ts";
import { type CompiledExperiment, compileExperiment } from "./compiled-experiment.ts";
import { isOwnCall } from "./own-calls.ts";
import type { UnitHasher } from "./unit-hasher.ts";

/** Assigns units to arms: a pure function of the settings and the unit, so it is sticky and equal in all processes. */
export interface Assigner {
  readonly router: CallRouter;
  /** The running experiments of some settings. */
  running(settings: SystemSettings): readonly CompiledExperiment[];
}

const NONE: readonly Assignment[] = [];

/** Creates an assigner. Prepared experiments are kept as long as the settings that they are from. */
export function createAssigner(hashOf: UnitHasher): Assigner {
  const prepared = new WeakMap<SystemSettings, readonly CompiledExperiment[]>();

  function running(settings: SystemSettings): readonly CompiledExperiment[] {
    const known = prepared.get(settings);
    if (known !== undefined) return known;
    const compiled = Object.entries(knownExperiments(settings)).flatMap(([id, experiment]) => {
      if (experiment.state !== "running") return [];
      try {
        return [compileExperiment(id, experiment, hashOf)];
      } catch {
        // A newer version has stored another form; the process that knows it runs the experiment.
        return [];
      }
    });
    // Of several assignments the first one applies: a rule for all calls gives way to an experiment that compares arms.
    const ordered = compiled.toSorted((a, b) => Number(a.isRollout) - Number(b.isRollout));
    prepared.set(settings, ordered);
    return ordered;
  }

  return {
    running,
    router: {
      assign(input: AssignInput) {
        const experiments = running(input.settings);
        if (experiments.length === 0 || isOwnCall(input.purpose)) return NONE;
        const assignments: Assignment[] = [];
        for (const experiment of experiments) {
          const assignment = experiment.assign(input);
          if (assignment !== null) assignments.push(assignment);
        }
        return assignments;
      },
    },
  };
}
