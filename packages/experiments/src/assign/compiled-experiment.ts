import {
  type AssignInput,
  type Assignment,
  type ExperimentArm,
  type ExperimentSettings,
  isRollout,
} from "@babylon/llm-core";
import { type Audience, createAudience } from "./audience.ts";
import { type BucketRange, bucketRanges, chooseRange } from "./bucket-ranges.ts";
import { exclusionOf, providersOf } from "./exclusion.ts";
import { seededHash } from "./hash-unit.ts";
import type { UnitHasher } from "./unit-hasher.ts";

/** A running experiment, prepared for assignments. */
export interface CompiledExperiment {
  readonly id: string;
  readonly settings: ExperimentSettings;
  /** See `isRollout` of llm-core. */
  readonly isRollout: boolean;
  /** The assignment of a call; `null`: it is not of the audience, has no unit, or its place in the hash belongs to no arm. */
  assign(input: AssignInput): Assignment | null;
  readonly audience: Audience;
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
  const callers = createAudience(audience);
  const layer: readonly BucketRange[] = audience?.layerRange === undefined ? [] : [audience.layerRange];
  const placeInLayer = seededHash(`layer:${audience?.layer}`);
  const bucketOf = seededHash(seed);
  const isForAll = isRollout(settings);
  const parts = arms.map((arm) => (arm.paused === true ? null : partOf(id, version, arm, coverage)));
  const remembered = new Map<string, Assignment | null>();

  const [first = null] = parts;
  // Without a unit, so that no row is stored: there is nothing to compare.
  const ofAll: Assignment | null = first === null ? null : Object.freeze({ ...first, bucket: 0, isRollout: true });

  function compute(value: string): Assignment | null {
    if (layer.length > 0 && chooseRange(placeInLayer(value), layer) === -1) return null;
    const bucket = bucketOf(value);
    const part = parts[chooseRange(bucket, ranges)];
    return part === undefined || part === null ? null : { ...part, bucket, unit: hashOf(value) };
  }

  function assignUnit(value: string): Assignment | null {
    if (isForAll) return ofAll;
    // A call has its own id, so nothing would be found again.
    if (unit === "call") return compute(value);
    const known = remembered.get(value);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const computed = compute(value);
    // All calls of the unit share it.
    const assignment = computed === null ? null : Object.freeze(computed);
    remembered.set(value, assignment);
    return assignment;
  }

  return {
    id,
    settings,
    isRollout: isForAll,
    audience: callers,
    assignUnit,
    assign(input) {
      if (!callers.has(input)) return null;
      if (isForAll) return exclusionOf(input, touched) === undefined ? ofAll : null;
      const value = unitOf(settings, input);
      const assignment = value === null ? null : assignUnit(value);
      if (assignment === null) return null;
      const excluded = exclusionOf(input, touched);
      return excluded === undefined ? assignment : { ...assignment, excluded };
    },
  };
}

/** The part of an assignment that all units of an arm have in common. */
function partOf(
  experiment: string,
  version: number,
  { id, weight, provider, model, models }: ExperimentArm,
  coverage: number,
): Omit<Assignment, "bucket" | "unit"> {
  return {
    experiment,
    version,
    arm: id,
    probability: (weight / WHOLE) * (coverage / WHOLE),
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(models === undefined ? {} : { models }),
  };
}
