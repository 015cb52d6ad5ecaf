import type { AgentSettings, ProviderSettings, SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import type { OlderPut, PatchPut, ReplacePut, RollbackBody, SettingsPatch, TestBody } from "./contract.ts";

/** Letters, marks, numbers, signs and blanks: no control characters, so that no id can end a header or a log line. */
const PRINTABLE = /^\P{Cc}*$/u;

/** `[a-z][a-z0-9-]*`, up to 64 characters. */
export const providerIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected a provider id"),
  v.regex(/^[a-z][a-z0-9-]*$/, "a provider id is lower-case letters, digits and dashes, a letter first"),
  v.maxLength(64, "a provider id has at most 64 characters"),
);

/** As the vendor takes it; may hold `/` and `:`. */
export const modelIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected a model id"),
  v.minLength(1, "a model id is not empty; null takes it away"),
  v.maxLength(512, "a model id has at most 512 characters"),
  v.regex(PRINTABLE, "a model id has no control characters"),
  v.check((id) => id.trim() === id, "a model id has no blanks around it"),
);

/** The caller's own id, up to 200 characters. */
export const agentIdSchema: v.GenericSchema<string, string> = v.pipe(
  v.string("expected an agent id"),
  v.minLength(1, "an agent id is not empty"),
  v.maxLength(200, "an agent id has at most 200 characters"),
  v.regex(PRINTABLE, "an agent id has no control characters"),
);

const orderSchema = v.pipe(
  v.array(providerIdSchema, "expected a list of provider ids, or null"),
  v.maxLength(100, "at most 100 provider ids"),
  v.check((ids) => new Set(ids).size === ids.length, "a provider id stands here twice"),
);

const enabledSchema = v.boolean("expected true or false");

const providerSchema: v.GenericSchema<unknown, ProviderSettings> = v.pipe(
  v.strictObject({ enabled: v.nullish(enabledSchema), model: v.nullish(modelIdSchema) }),
  v.transform(({ enabled, model }) => ({
    ...(enabled == null ? {} : { enabled }),
    ...(model == null ? {} : { model }),
  })),
);

const agentSchema: v.GenericSchema<unknown, AgentSettings> = v.union(
  [
    v.pipe(
      v.strictObject({ provider: providerIdSchema, model: v.nullish(modelIdSchema) }),
      v.transform(({ provider, model }) => (model == null ? { provider } : { provider, model })),
    ),
    v.strictObject({ models: v.record(providerIdSchema, modelIdSchema) }),
  ],
  "expected a provider (and a model), or models",
);

/** Whole settings; absent fields are the empty ones. */
export const settingsSchema: v.GenericSchema<unknown, SystemSettings> = v.pipe(
  v.strictObject({
    order: v.nullish(orderSchema),
    providers: v.nullish(v.record(providerIdSchema, providerSchema)),
    agents: v.nullish(v.record(agentIdSchema, agentSchema)),
  }),
  v.transform(({ order, providers, agents }) => ({
    order: order ?? null,
    providers: providers ?? {},
    agents: agents ?? {},
  })),
);

/** A merge patch of the settings. */
export const patchSchema: v.GenericSchema<unknown, SettingsPatch> = v.strictObject({
  order: v.nullish(orderSchema),
  providers: v.nullish(
    v.record(
      providerIdSchema,
      v.nullish(v.strictObject({ enabled: v.nullish(enabledSchema), model: v.nullish(modelIdSchema) })),
    ),
  ),
  agents: v.nullish(
    v.record(
      agentIdSchema,
      v.nullish(
        v.strictObject({
          provider: v.nullish(providerIdSchema),
          model: v.nullish(modelIdSchema),
          models: v.nullish(v.record(providerIdSchema, v.nullish(modelIdSchema))),
        }),
      ),
    ),
  ),
});

const versionSchema = v.pipe(v.number("expected a version"), v.integer("a version is a whole number"), v.minValue(0));

const saveOptions = {
  force: v.optional(v.boolean("expected true or false")),
  reason: v.optional(v.pipe(v.string(), v.maxLength(200, "a reason has at most 200 characters"), v.regex(PRINTABLE))),
};

/** The older body of `PUT`. */
export const olderPutSchema: v.GenericSchema<unknown, OlderPut> = v.pipe(
  v.strictObject({
    wandbModel: v.optional(v.nullable(modelIdSchema)),
    wandbEnabled: v.optional(enabledSchema),
    expectedVersion: v.optional(versionSchema),
    ...saveOptions,
  }),
  v.check(
    ({ wandbModel, wandbEnabled }) => wandbModel !== undefined || wandbEnabled !== undefined,
    "expected wandbModel or wandbEnabled, or patch, or settings",
  ),
);

/** `PUT` with a patch. */
export const patchPutSchema: v.GenericSchema<unknown, PatchPut> = v.strictObject({
  patch: patchSchema,
  expectedVersion: v.optional(versionSchema),
  ...saveOptions,
});

/** `PUT` with whole settings. */
export const replacePutSchema: v.GenericSchema<unknown, ReplacePut> = v.strictObject({
  settings: settingsSchema,
  expectedVersion: versionSchema,
  ...saveOptions,
});

/** `POST …/test`. */
export const testBodySchema: v.GenericSchema<unknown, TestBody> = v.pipe(
  v.strictObject({
    provider: v.optional(providerIdSchema),
    model: v.optional(modelIdSchema),
    settings: v.optional(settingsSchema),
  }),
  v.check(({ provider, model }) => model === undefined || provider !== undefined, "a model needs its provider"),
);

/** `POST …/rollback`. */
export const rollbackBodySchema: v.GenericSchema<unknown, RollbackBody> = v.strictObject({
  version: versionSchema,
  expectedVersion: v.optional(versionSchema),
  force: v.optional(v.boolean("expected true or false")),
});
