import type { TunedSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { plainObjectSchema } from "./plain-object.ts";
import type { SettingsPatch } from "./settings-patch.ts";

/** The schemas of the settings that a tuned model uses. */
export interface TunedParts {
  /** The schema of unknown fields. */
  readonly unknown: v.GenericSchema<unknown, unknown>;
  readonly providerId: v.GenericSchema<string, string>;
  readonly modelId: v.GenericSchema<string, string>;
  readonly agentId: v.GenericSchema<string, string>;
}

const nameSchema = v.pipe(
  v.string("expected a name"),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a name has letters, digits, dots, dashes and underscores"),
  v.maxLength(64, "a name has at most 64 characters"),
);

const digestSchema = v.pipe(
  v.string("expected a SHA-256"),
  v.regex(/^[0-9a-f]{64}$/, "a SHA-256 has 64 hexadecimal digits"),
);

const momentSchema = v.pipe(v.string("expected a time"), v.isoTimestamp("a time is ISO 8601, in UTC"));

const required = ({ providerId, modelId }: TunedParts) => ({
  provider: providerId,
  baseModel: modelId,
  model: modelId,
  datasetSha256: digestSchema,
});

const optional = ({ modelId, agentId }: TunedParts) => ({
  agents: v.nullish(
    v.pipe(v.array(agentId, "expected a list of agent ids"), v.maxLength(1_000, "at most 1,000 agents")),
  ),
  previous: v.nullish(modelId),
  evaluatedAt: v.nullish(momentSchema),
});

/** The tuned models of settings, by name. */
export function createTunedSchema(
  parts: TunedParts,
): v.GenericSchema<unknown, Readonly<Record<string, TunedSettings>>> {
  const schema = v.pipe(
    plainObjectSchema,
    v.objectWithRest({ ...required(parts), ...optional(parts) }, parts.unknown),
    // `null` and absent mean the same; neither is stored.
    v.transform(({ agents, previous, evaluatedAt, ...others }) => ({
      ...others,
      ...(agents == null ? {} : { agents }),
      ...(previous == null ? {} : { previous }),
      ...(evaluatedAt == null ? {} : { evaluatedAt }),
    })),
  );
  return v.pipe(plainObjectSchema, v.record(nameSchema, schema));
}

/** A change of tuned models. */
export function createTunedPatchSchema(
  parts: TunedParts,
): v.GenericSchema<unknown, NonNullable<SettingsPatch["tuned"]>> {
  const { provider, baseModel, model, datasetSha256 } = required(parts);
  const fields = {
    provider: v.nullish(provider),
    baseModel: v.nullish(baseModel),
    model: v.nullish(model),
    datasetSha256: v.nullish(datasetSha256),
    ...optional(parts),
  };
  return v.pipe(
    plainObjectSchema,
    v.record(nameSchema, v.nullish(v.pipe(plainObjectSchema, v.objectWithRest(fields, parts.unknown)))),
  );
}
