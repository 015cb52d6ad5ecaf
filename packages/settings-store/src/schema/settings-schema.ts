import {
  type AgentSettings,
  type BudgetRule,
  isRecord,
  type ProviderSettings,
  type SystemSettings,
} from "@babylon/llm-core";
import * as v from "valibot";
import { agentIdSchema, createAgentIdSchema, PRINTABLE_ONLY } from "./agent-id-schema.ts";
import { budgetsSchema } from "./budgets-schema.ts";
import { createExperimentsPatchSchema, createExperimentsSchema } from "./experiments-schema.ts";
import { plainObjectSchema } from "./plain-object.ts";
import { PRINTABLE } from "./printable.ts";
import type { SettingsPatch } from "./settings-patch.ts";
import { createTunedPatchSchema, createTunedSchema } from "./tuned-schema.ts";

export { agentIdSchema } from "./agent-id-schema.ts";
export { findForbiddenKeys } from "./forbidden-keys.ts";
export type { OlderSettings } from "./older-settings.ts";
export { PRINTABLE } from "./printable.ts";

/** The rule for stored ids: earlier versions accepted invisible characters. */
const NO_CONTROL_CHARACTERS = /^\P{Cc}*$/u;

const enabledSchema = v.boolean("expected true or false");

/** The id of a provider: `[a-z][a-z0-9-]*`, up to 64 characters. */
export const providerIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected a provider id"),
  v.regex(/^[a-z][a-z0-9-]*$/, "a provider id has lower-case letters, digits and dashes, and starts with a letter"),
  v.maxLength(64, "a provider id has at most 64 characters"),
);

const CONTROL_FREE = [NO_CONTROL_CHARACTERS, "has no control characters"] as const;

function createModelIdSchema([pattern, rule]: readonly [RegExp, string]): v.GenericSchema<string, string> {
  return v.pipe(
    v.string("expected a model id"),
    v.minLength(1, "a model id is not empty; null removes it"),
    v.maxLength(512, "a model id has at most 512 characters"),
    v.regex(pattern, `a model id ${rule}`),
    v.check((id) => id.trim() === id, "a model id has no leading or trailing spaces"),
  );
}

/** A model id, exactly as the vendor expects it: printable characters, without leading or trailing spaces. */
export const modelIdSchema: v.GenericSchema<string, string> = createModelIdSchema(PRINTABLE_ONLY);

const storedAgentIdSchema = createAgentIdSchema(CONTROL_FREE);

const orderSchema = v.pipe(
  v.array(providerIdSchema, "expected a list of provider ids, or null"),
  v.maxLength(100, "at most 100 provider ids"),
  v.check((ids) => new Set(ids).size === ids.length, "a provider id is listed twice"),
);

/** The rules that differ between settings of a caller and stored settings. */
interface Origin {
  /** The schema of unknown fields. */
  readonly unknown: v.GenericSchema<unknown, unknown>;
  readonly modelId: v.GenericSchema<string, string>;
  readonly agentId: v.GenericSchema<string, string>;
  readonly budgets: v.GenericSchema<unknown, readonly BudgetRule[]>;
  readonly experiments: v.GenericSchema<unknown, SystemSettings["experiments"]>;
  readonly tuned: v.GenericSchema<unknown, SystemSettings["tuned"]>;
}

const CALLERS_PARTS = {
  unknown: v.never("unknown field"),
  modelId: modelIdSchema,
  agentId: agentIdSchema,
  providerId: providerIdSchema,
} as const;

const CALLER: Origin = {
  ...CALLERS_PARTS,
  budgets: budgetsSchema,
  experiments: v.pipe(
    v.nullish(createExperimentsSchema(CALLERS_PARTS)),
    v.transform((experiments) => experiments ?? undefined),
  ),
  tuned: v.pipe(
    v.nullish(createTunedSchema(CALLERS_PARTS)),
    v.transform((tuned) => tuned ?? undefined),
  ),
};
const STORED: Origin = {
  unknown: v.unknown(),
  modelId: createModelIdSchema(CONTROL_FREE),
  agentId: storedAgentIdSchema,
  // A newer version may have stored other rules, or something else: kept as they are. `@babylon/budget` decides about each one.
  budgets: v.custom<readonly BudgetRule[]>(() => true),
  // A newer version may have stored other states, units or fields: who reads an experiment decides whether it is known.
  experiments: v.optional(v.any()),
  // As experiments.
  tuned: v.optional(v.any()),
};

function createProviderSchema({ unknown, modelId }: Origin): v.GenericSchema<unknown, ProviderSettings> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest({ enabled: v.nullish(enabledSchema), model: v.nullish(modelId) }, unknown),
    // `null` and absent mean the same; neither is stored.
    v.transform(({ enabled, model, ...others }) => ({
      ...others,
      ...(enabled == null ? {} : { enabled }),
      ...(model == null ? {} : { model }),
    })),
  );
}

function createAgentSchema({ unknown, modelId }: Origin): v.GenericSchema<unknown, AgentSettings> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest(
      {
        provider: v.nullish(providerIdSchema),
        model: v.nullish(modelId),
        models: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, modelId))),
      },
      unknown,
    ),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): AgentSettings => {
      const { provider, model, models, ...others } = value;
      if (provider != null && models == null) return { ...others, provider, ...(model == null ? {} : { model }) };
      if (models != null && provider == null && model == null) return { ...others, models };
      // A newer version stored other fields of the agent; this version treats it as an agent without a link of its own.
      const isOthersOnly = provider == null && model == null && models == null && Object.keys(others).length > 0;
      if (isOthersOnly) return others as unknown as AgentSettings;
      addIssue({ message: "set either provider (and model) or models, and the other to null" });
      return NEVER;
    }),
  );
}

/** Stored settings of a newer version may have something else than a table. */
const isEmpty = (table: unknown): boolean => isRecord(table) && Object.keys(table).length === 0;

function createSettingsSchema(origin: Origin): v.GenericSchema<unknown, SystemSettings> {
  return v.pipe(
    plainObjectSchema,
    v.objectWithRest(
      {
        order: v.nullish(orderSchema),
        providers: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, createProviderSchema(origin)))),
        agents: v.nullish(v.pipe(plainObjectSchema, v.record(origin.agentId, createAgentSchema(origin)))),
        budgets: v.nullish(origin.budgets),
        experiments: origin.experiments,
        tuned: origin.tuned,
      },
      origin.unknown,
    ),
    v.transform(({ order, providers, agents, budgets, experiments, tuned, ...others }) => ({
      ...others,
      ...(experiments === undefined || isEmpty(experiments) ? {} : { experiments }),
      ...(tuned === undefined || isEmpty(tuned) ? {} : { tuned }),
      order: order ?? null,
      providers: providers ?? {},
      agents: agents ?? {},
      ...(budgets == null ? {} : { budgets }),
    })),
  );
}

/**
 * Whole settings of a caller: unknown fields are rejected. Absent and `null` fields become empty ones, so that equal settings have equal
 * text.
 */
export const settingsSchema: v.GenericSchema<unknown, SystemSettings> = createSettingsSchema(CALLER);

/** Whole stored settings: unknown fields of a newer version are kept. */
export const storedSettingsSchema: v.GenericSchema<unknown, SystemSettings> = createSettingsSchema(STORED);

const providerPatchSchema = v.pipe(
  plainObjectSchema,
  v.objectWithRest({ enabled: v.nullish(enabledSchema), model: v.nullish(modelIdSchema) }, CALLER.unknown),
);

const agentPatchSchema = v.pipe(
  plainObjectSchema,
  v.objectWithRest(
    {
      provider: v.nullish(providerIdSchema),
      model: v.nullish(modelIdSchema),
      models: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, v.nullish(modelIdSchema)))),
    },
    CALLER.unknown,
  ),
);

const agentsPatchSchema = v.pipe(
  plainObjectSchema,
  v.record(storedAgentIdSchema, v.nullish(agentPatchSchema)),
  // An agent that is stored under an invalid id can still be removed.
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, value] of Object.entries(dataset.value)) {
      if (value == null || PRINTABLE.test(key)) continue;
      const path = { type: "object", origin: "key", input: dataset.value, key, value } as const;
      addIssue({ message: `an agent id ${PRINTABLE_ONLY[1]}`, path: [path] });
    }
  }),
);

const experimentsPatchSchema = createExperimentsPatchSchema(CALLERS_PARTS);
const tunedPatchSchema = createTunedPatchSchema(CALLERS_PARTS);

/** A patch of a caller. Unknown fields are rejected, even if the patch only deletes them. */
export const patchSchema: v.GenericSchema<unknown, SettingsPatch> = v.pipe(
  plainObjectSchema,
  v.objectWithRest(
    {
      order: v.nullish(orderSchema),
      providers: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, v.nullish(providerPatchSchema)))),
      agents: v.nullish(agentsPatchSchema),
      budgets: v.nullish(budgetsSchema),
      experiments: v.nullish(experimentsPatchSchema),
      tuned: v.nullish(tunedPatchSchema),
    },
    CALLER.unknown,
  ),
);

/** Experiments of stored settings that a caller has changed: fields of a newer version are kept. */
export const changedExperimentsSchema: v.GenericSchema<
  unknown,
  NonNullable<SystemSettings["experiments"]>
> = createExperimentsSchema({ ...STORED, providerId: providerIdSchema });

/** Tuned models of stored settings that a caller has changed: fields of a newer version are kept. */
export const changedTunedSchema: v.GenericSchema<unknown, NonNullable<SystemSettings["tuned"]>> = createTunedSchema({
  ...STORED,
  providerId: providerIdSchema,
});
