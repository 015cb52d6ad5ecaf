import type { AssignInput, Assignment, ExperimentSettings } from "@babylon/llm-core";
import { type BucketRange, bucketRanges, chooseRange } from "./bucket-ranges.ts";
import { exclusionOf, providersOf } from "./exclusion.ts";
import { hashUnit } from "./hash-unit.ts";
import type { UnitHasher } from "./unit-hasher.ts";

/** A running experiment, prepared for assignments. */
export interface CompiledExperiment {
  readonly id: string;
  readonly settings: ExperimentSettings;
  /** The assignment of a call; `null`: it is not of the audience, has no unit, or its place in the hash belongs to no arm. */
  assign(input: AssignInput): Assignment | null;
  /** The assignment of a unit, whatever the call; `null`: none. */
  assignUnit(value: string): Assignment | null;
}

const WHOLE = 10_000;

/** Assignments of units that are remembered. A service has fewer agents and sessions than this at a time. */
const MAX_REMEMBERED = 20_000;

/** The id of the unit that a call belongs to; `null`: the call does not name one. */
export function unitOf(
  { unit }: ExperimentSettings,
  { agent, unit: entities, callId }: Omit<AssignInput, "settings">,
): string | null {
  switch (unit) {
    case "agent":
      return agent;
    case "session":
      return entities?.session ?? null;
    case "call":
      return callId;
  }
}

/** Prepares an experiment. Throws if its settings, of a newer version, have a form that this one does not know. */
export function compileExperiment(id: string, settings: ExperimentSettings, hashOf: UnitHasher): CompiledExperiment {
  const { audience, coverage = WHOLE, seed = id, unit, version = 1 } = settings;
  const arms = settings.arms.filter(({ shadow }) => shadow !== true);
  const ranges = bucketRanges(
    arms.length,
    coverage / WHOLE,
    arms.map(({ weight }) => weight / WHOLE),
  );
  const touched = providersOf(settings.arms);
  const agents = audience?.agents === undefined ? null : new Set(audience.agents);
  const purposes = audience?.purposes === undefined ? null : new Set(audience.purposes);
  const layer: BucketRange | null = audience?.layerRange ?? null;
  const remembered = new Map<string, Assignment | null>();

  function compute(value: string): Assignment | null {
    if (layer !== null && chooseRange(hashUnit(`layer:${audience?.layer}`, value), [layer]) === -1) return null;
    const bucket = hashUnit(seed, value);
    const arm = arms[chooseRange(bucket, ranges)];
    if (arm === undefined || arm.paused === true) return null;
    const { provider, model, models } = arm;
    return Object.freeze({
      experiment: id,
      version,
      arm: arm.id,
      bucket,
      probability: (arm.weight / WHOLE) * (coverage / WHOLE),
      unit: hashOf(value),
      ...(provider === undefined ? {} : { provider }),
      ...(model === undefined ? {} : { model }),
      ...(models === undefined ? {} : { models }),
    });
  }

  function assignUnit(value: string): Assignment | null {
    // A call has its own id, so nothing would be found again.
    if (unit === "call") return compute(value);
    const known = remembered.get(value);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const assignment = compute(value);
    remembered.set(value, assignment);
    return assignment;
  }

  return {
    id,
    settings,
    assignUnit,
    assign(input) {
      const { agent, purpose } = input;
      if (agents !== null && (agent === null || !agents.has(agent))) return null;
      if (purposes !== null && (purpose === null || !purposes.has(purpose))) return null;
      const value = unitOf(settings, input);
      const assignment = value === null ? null : assignUnit(value);
      if (assignment === null) return null;
      const excluded = exclusionOf(input, touched);
      return excluded === undefined ? assignment : { ...assignment, excluded };
    },
  };
}
