import {
  modelIdSchema,
  PRINTABLE,
  patchSchema,
  providerIdSchema,
  storedSettingsSchema,
} from "@babylon/settings-store/schema";
import * as v from "valibot";
import type {
  ExperimentAction,
  OlderPut,
  PatchPut,
  ReplacePut,
  RollbackBody,
  TestBody,
  WriteOffBody,
} from "./contract.ts";

// The settings are what the store takes, so that nothing passes here that it would refuse.
export {
  agentIdSchema,
  modelIdSchema,
  patchSchema,
  providerIdSchema,
  settingsSchema,
  storedSettingsSchema,
} from "@babylon/settings-store/schema";

const versionSchema = v.pipe(v.number("expected a version"), v.integer("a version is a whole number"), v.minValue(0));

const reasonSchema = v.pipe(
  v.string(),
  v.maxLength(200, "a reason has at most 200 characters"),
  v.regex(PRINTABLE, "a reason has no control characters and no invisible ones"),
);

const saveOptions = {
  force: v.optional(v.boolean("expected true or false")),
  reason: v.optional(reasonSchema),
};

/** The older body of `PUT`. */
export const olderPutSchema: v.GenericSchema<unknown, OlderPut> = v.pipe(
  v.strictObject({
    wandbModel: v.optional(v.nullable(modelIdSchema)),
    wandbEnabled: v.optional(v.boolean("expected true or false")),
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

/** `PUT` with whole settings, which may bring back what a newer version has stored: `refuseForeign` holds them to that. */
export const replacePutSchema: v.GenericSchema<unknown, ReplacePut> = v.strictObject({
  settings: storedSettingsSchema,
  expectedVersion: versionSchema,
  ...saveOptions,
});

/** `POST …/test`. */
export const testBodySchema: v.GenericSchema<unknown, TestBody> = v.pipe(
  v.strictObject({
    provider: v.optional(providerIdSchema),
    model: v.optional(modelIdSchema),
    settings: v.optional(storedSettingsSchema),
  }),
  v.check(({ provider, model }) => model === undefined || provider !== undefined, "a model needs its provider"),
);

/** `POST …/rollback`. */
export const rollbackBodySchema: v.GenericSchema<unknown, RollbackBody> = v.strictObject({
  version: versionSchema,
  expectedVersion: v.optional(versionSchema),
  force: v.optional(v.boolean("expected true or false")),
});

/** `POST …/budgets/write-off`. */
export const writeOffSchema: v.GenericSchema<unknown, WriteOffBody> = v.strictObject({
  key: v.pipe(
    v.string("expected the key of a window"),
    v.minLength(1, "expected the key of a window"),
    v.maxLength(2_000, "a key has at most 2000 characters"),
  ),
  presumed: v.optional(
    v.pipe(
      v.number("expected a whole number, in the window's unit"),
      v.safeInteger("expected a whole number, in the window's unit"),
      v.minValue(1, "expected a whole number above 0, in the window's unit"),
    ),
  ),
  reason: v.optional(reasonSchema),
});

/** `POST …/experiments/:id`. */
export const experimentActionSchema: v.GenericSchema<unknown, ExperimentAction> = v.pipe(
  v.strictObject({
    action: v.picklist(["start", "pause", "stop", "promote"], "expected start, pause, stop or promote"),
    arm: v.optional(v.string("expected the id of an arm")),
    expectedVersion: v.optional(versionSchema),
    reason: v.optional(reasonSchema),
  }),
  v.check(({ action, arm }) => action !== "promote" || arm !== undefined, "promote needs an arm"),
);
