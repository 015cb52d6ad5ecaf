import type { ExperimentArm, ExperimentSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { createAudiencePatchSchema, createAudienceSchema } from "./audience-schema.ts";
import { findOverlap } from "./experiment-overlap.ts";
import { plainObjectSchema } from "./plain-object.ts";
import { compact, idSchema, textSchema } from "./schema-parts.ts";
import type { SettingsPatch } from "./settings-patch.ts";

/** The schemas of the settings that an experiment uses. */
export interface ExperimentParts {
  /** The schema of unknown fields. */
  readonly unknown: v.GenericSchema<unknown, unknown>;
  readonly providerId: v.GenericSchema<string, string>;
  readonly modelId: v.GenericSchema<string, string>;
  readonly agentId: v.GenericSchema<string, string>;
}

/** The sum of the weights of all arms. */
const WHOLE = 10_000;

const metricSchema = v.pipe(
  v.string("expected the name of a metric"),
  v.regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, "a metric has up to 64 letters, digits, dots, dashes and underscores"),
);

const shareSchema = v.pipe(
  v.number("expected a share of 10,000"),
  v.integer("a share of 10,000 is a whole number"),
  v.minValue(0, "a share is at least 0"),
  v.maxValue(WHOLE, "a share is at most 10,000"),
);

const directionSchema = v.picklist(["up", "down"], 'expected "up" or "down"');

const countSchema = (what: string) =>
  v.pipe(v.number(`expected ${what}`), v.integer(`${what} is a whole number`), v.minValue(1, `${what} is at least 1`));

function armSchema({ unknown, providerId, modelId }: ExperimentParts): v.GenericSchema<unknown, ExperimentArm> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest(
      {
        id: idSchema,
        weight: shareSchema,
        provider: v.nullish(providerId),
        model: v.nullish(modelId),
        models: v.nullish(v.pipe(plainObjectSchema, v.record(providerId, modelId))),
        shadow: v.nullish(v.boolean("expected true or false")),
        paused: v.nullish(v.boolean("expected true or false")),
      },
      unknown,
    ),
    v.check(({ provider, model }) => model == null || provider != null, "a model needs its provider"),
    v.check(
      ({ shadow, provider }) => shadow !== true || provider != null,
      "a shadow needs the provider that its copies are sent to",
    ),
    v.transform(compact),
  );
}

function armsSchema(parts: ExperimentParts): v.GenericSchema<unknown, readonly ExperimentArm[]> {
  return v.pipe(
    v.array(armSchema(parts), "expected a list of arms"),
    v.maxLength(20, "at most 20 arms"),
    v.check((arms) => new Set(arms.map(({ id }) => id)).size === arms.length, "an arm is listed twice"),
    v.check((arms) => arms[0]?.shadow !== true, "the first arm is the control, and not a shadow"),
    v.check((arms) => arms.length >= 1, "an experiment has at least one arm"),
    v.check(
      (arms) => arms.filter(({ shadow }) => shadow !== true).reduce((sum, { weight }) => sum + weight, 0) === WHOLE,
      "the weights of the arms that are not shadows add up to 10,000",
    ),
  );
}

const A_QUANTILE = "expected a quantile from 0.5 to 0.999";

const guardrailsSchema = ({ unknown }: ExperimentParts) =>
  v.pipe(
    v.array(
      v.pipe(
        plainObjectSchema,
        v.objectWithRest(
          {
            metric: metricSchema,
            worseBy: v.pipe(v.number("expected a number"), v.finite(), v.minValue(0, "at least 0")),
            direction: v.nullish(directionSchema),
            quantile: v.nullish(
              v.pipe(v.number(A_QUANTILE), v.minValue(0.5, A_QUANTILE), v.maxValue(0.999, A_QUANTILE)),
            ),
            times: v.nullish(v.pipe(v.number("expected a number"), v.finite(), v.minValue(1, "at least 1"))),
          },
          unknown,
        ),
        v.check(
          ({ quantile, times }) => (quantile == null) === (times == null),
          "quantile and times belong together: the quantile of an arm may be so many times that of the control",
        ),
        v.check(
          ({ quantile, direction }) => quantile == null || direction !== "up",
          "a quantile is of a metric of which less is better",
        ),
        v.transform(compact),
      ),
      "expected a list of guardrails",
    ),
    v.maxLength(10, "at most 10 guardrails"),
  );

const stateSchema = v.picklist(["draft", "running", "paused", "stopped"], "expected draft, running, paused or stopped");
const unitSchema = v.picklist(["agent", "session", "call"], "expected agent, session or call");

const optionalFields = (parts: ExperimentParts) => ({
  winner: v.nullish(idSchema),
  version: v.nullish(countSchema("a version")),
  seed: v.nullish(textSchema("a seed", 200)),
  coverage: v.nullish(shareSchema),
  guardrails: v.nullish(guardrailsSchema(parts)),
  plannedUnits: v.nullish(countSchema("a number of units")),
  pauseHarmful: v.nullish(v.boolean("expected true or false")),
});

function experimentSchema(parts: ExperimentParts): v.GenericSchema<unknown, ExperimentSettings> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest(
      {
        ...optionalFields(parts),
        state: stateSchema,
        unit: unitSchema,
        arms: armsSchema(parts),
        audience: v.nullish(createAudienceSchema(parts)),
        metric: metricSchema,
        direction: directionSchema,
      },
      parts.unknown,
    ),
    v.check(
      ({ winner, arms }) => winner == null || arms.some(({ id }) => id === winner),
      "the winner is one of the arms",
    ),
    v.transform(compact),
  );
}

/** A change of experiments. Rules that concern several fields are checked after the merge. */
export function createExperimentsPatchSchema(
  parts: ExperimentParts,
): v.GenericSchema<unknown, NonNullable<SettingsPatch["experiments"]>> {
  const fields = {
    ...optionalFields(parts),
    state: v.nullish(stateSchema),
    unit: v.nullish(unitSchema),
    arms: v.nullish(armsSchema(parts)),
    audience: v.nullish(createAudiencePatchSchema(parts)),
    metric: v.nullish(metricSchema),
    direction: v.nullish(directionSchema),
  };
  const patchSchema = v.pipe(plainObjectSchema, v.objectWithRest(fields, parts.unknown));
  return v.pipe(plainObjectSchema, v.record(idSchema, v.nullish(patchSchema)));
}

/** The experiments of settings, by id. Running ones that change the chain of the same calls are refused. */
export function createExperimentsSchema(
  parts: ExperimentParts,
): v.GenericSchema<unknown, Readonly<Record<string, ExperimentSettings>>> {
  return v.pipe(
    plainObjectSchema,
    v.record(idSchema, experimentSchema(parts)),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const overlap = findOverlap(dataset.value);
      if (overlap === null) return;
      const [key, other] = overlap;
      const path = { type: "object", origin: "value", input: dataset.value, key, value: dataset.value[key] } as const;
      const message = `this experiment and "${other}" would change the chain of the same calls: use one layer with ranges that do not overlap, or other agents, purposes or tenants`;
      addIssue({ message, path: [path] });
    }),
  );
}
