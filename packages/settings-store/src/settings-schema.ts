import type { AgentSettings, ProviderSettings, SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { plainObjectSchema } from "./plain-object.ts";
import type { SettingsPatch } from "./settings-patch.ts";

export type { AgentPatch, ProviderPatch, SettingsPatch } from "./settings-patch.ts";

const NO_CONTROL_CHARACTERS = /^\P{Cc}*$/u;

const enabledSchema = v.boolean("expected true or false");

/** The id of a provider: `[a-z][a-z0-9-]*`, up to 64 characters. */
export const providerIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected a provider id"),
  v.regex(/^[a-z][a-z0-9-]*$/, "a provider id is lower-case letters, digits and dashes, a letter first"),
  v.maxLength(64, "a provider id has at most 64 characters"),
);

/** A model id, exactly as the vendor takes it: any characters but control characters, and no blanks around it. */
export const modelIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected a model id"),
  v.minLength(1, "a model id is not empty; null takes it away"),
  v.maxLength(512, "a model id has at most 512 characters"),
  v.regex(NO_CONTROL_CHARACTERS, "a model id has no control characters"),
  v.check((id) => id.trim() === id, "a model id has no blanks around it"),
);

/** The id of an agent: the caller's own, up to 200 characters, no control characters. */
export const agentIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected an agent id"),
  v.minLength(1, "an agent id is not empty"),
  v.maxLength(200, "an agent id has at most 200 characters"),
  v.regex(NO_CONTROL_CHARACTERS, "an agent id has no control characters"),
);

const orderSchema = v.pipe(
  v.array(providerIdSchema, "expected a list of provider ids, or null"),
  v.maxLength(100, "at most 100 provider ids"),
  v.check((ids) => new Set(ids).size === ids.length, "a provider id stands here twice"),
);

const providerSchema: v.GenericSchema<unknown, ProviderSettings> = v.pipe(
  plainObjectSchema,
  v.strictObject({ enabled: v.nullish(enabledSchema), model: v.nullish(modelIdSchema) }),
  // Nothing said is stored as nothing: `null` and absent mean the same.
  v.transform(({ enabled, model }) => ({
    ...(enabled == null ? {} : { enabled }),
    ...(model == null ? {} : { model }),
  })),
);

const modelsSchema = v.pipe(plainObjectSchema, v.record(providerIdSchema, modelIdSchema));

const agentSchema: v.GenericSchema<unknown, AgentSettings> = v.pipe(
  plainObjectSchema,
  v.strictObject({
    provider: v.nullish(providerIdSchema),
    model: v.nullish(modelIdSchema),
    models: v.nullish(modelsSchema),
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): AgentSettings => {
    const { provider, model, models } = value;
    if (provider != null && models == null) return { provider, ...(model == null ? {} : { model }) };
    if (models != null && provider == null && model == null) return { models };
    addIssue({ message: "give either provider (and model) or models; set the other to null" });
    return NEVER;
  }),
);

/** Whole settings. Absent and `null` fields become the empty ones, so that equal settings are written equally. */
export const settingsSchema: v.GenericSchema<unknown, SystemSettings> = v.pipe(
  plainObjectSchema,
  v.strictObject({
    order: v.nullish(orderSchema),
    providers: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, providerSchema))),
    agents: v.nullish(v.pipe(plainObjectSchema, v.record(agentIdSchema, agentSchema))),
  }),
  v.transform(({ order, providers, agents }) => ({
    order: order ?? null,
    providers: providers ?? {},
    agents: agents ?? {},
  })),
);

const providerPatchSchema = v.pipe(
  plainObjectSchema,
  v.strictObject({ enabled: v.nullish(enabledSchema), model: v.nullish(modelIdSchema) }),
);

const agentPatchSchema = v.pipe(
  plainObjectSchema,
  v.strictObject({
    provider: v.nullish(providerIdSchema),
    model: v.nullish(modelIdSchema),
    models: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, v.nullish(modelIdSchema)))),
  }),
);

/** The shape of a patch, so that an unknown field is refused even where the patch would only delete it. */
export const patchSchema: v.GenericSchema<unknown, SettingsPatch> = v.pipe(
  plainObjectSchema,
  v.strictObject({
    order: v.nullish(orderSchema),
    providers: v.nullish(v.pipe(plainObjectSchema, v.record(providerIdSchema, v.nullish(providerPatchSchema)))),
    agents: v.nullish(v.pipe(plainObjectSchema, v.record(agentIdSchema, v.nullish(agentPatchSchema)))),
  }),
);
