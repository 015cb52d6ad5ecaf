import type { ExperimentAudience } from "@babylon/llm-core";
import * as v from "valibot";
import { plainObjectSchema } from "./plain-object.ts";
import { compact, idSchema, textSchema } from "./schema-parts.ts";
import type { AudiencePatch } from "./settings-patch.ts";

const fractionSchema = v.pipe(
  v.number("expected a number from 0 to 1"),
  v.minValue(0, "at least 0"),
  v.maxValue(1, "at most 1"),
);

const audienceFields = (agentId: v.GenericSchema<string, string>) => ({
  agents: v.nullish(
    v.pipe(v.array(agentId, "expected a list of agent ids"), v.maxLength(10_000, "at most 10,000 agents")),
  ),
  purposes: v.nullish(
    v.pipe(
      v.array(textSchema("a purpose", 200), "expected a list of purposes"),
      v.maxLength(1_000, "at most 1,000 purposes"),
    ),
  ),
  tenants: v.nullish(
    v.pipe(
      v.array(textSchema("a tenant", 200), "expected a list of tenants"),
      v.maxLength(10_000, "at most 10,000 tenants"),
    ),
  ),
  layer: v.nullish(idSchema),
  layerRange: v.nullish(
    v.pipe(
      v.strictTuple([fractionSchema, fractionSchema], "expected the two ends of a range"),
      v.check(([from, to]) => from < to, "a range begins before its end"),
    ),
  ),
});

/** The schemas that an audience uses. */
interface AudienceParts {
  /** The schema of unknown fields. */
  readonly unknown: v.GenericSchema<unknown, unknown>;
  readonly agentId: v.GenericSchema<string, string>;
}

/** An audience. */
export function createAudienceSchema({
  agentId,
  unknown,
}: AudienceParts): v.GenericSchema<unknown, ExperimentAudience> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest(audienceFields(agentId), unknown),
    v.check(
      ({ layer, layerRange }) => (layer == null) === (layerRange == null),
      "layer and layerRange are set together",
    ),
    v.transform(compact),
  );
}

/** A change of an audience. That layer and range belong together is checked after the merge. */
export function createAudiencePatchSchema({
  agentId,
  unknown,
}: AudienceParts): v.GenericSchema<unknown, AudiencePatch> {
  return v.pipe(plainObjectSchema, v.objectWithRest(audienceFields(agentId), unknown));
}
