import type { ExperimentSettings, SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { invalidSettings, type SettingsIssue } from "../errors/settings-error.ts";
import { findForbiddenKeys, joinPath, MAX_DEPTH, MAX_STORED_DEPTH } from "./forbidden-keys.ts";
import type { SettingsPatch } from "./settings-patch.ts";
import { changedExperimentsSchema, patchSchema, settingsSchema, storedSettingsSchema } from "./settings-schema.ts";

/** Validates and normalizes settings of a caller. Throws `invalid` with a path for each issue. */
export function parseSettings(value: unknown, at = ""): SystemSettings {
  return parse(settingsSchema, value, at, MAX_DEPTH);
}

/**
 * Validates stored settings, and the result of a change of them: unknown fields come from a newer version and are kept.
 */
export function parseStoredSettings(value: unknown, at = ""): SystemSettings {
  return parse(storedSettingsSchema, value, at, MAX_STORED_DEPTH);
}

/** Validates a patch of a caller. Throws `invalid` for unknown or invalid fields; the merged result is validated separately. */
export function parsePatch(value: unknown): SettingsPatch {
  return parse(patchSchema, value, "", MAX_DEPTH);
}

/**
 * Validates the experiments that a caller has changed, with the others that this version knows. Throws `invalid` with a path for each issue.
 *
 * @param isChanged - whether an experiment was changed
 */
export function parseChangedExperiments(
  experiments: Readonly<Record<string, unknown>>,
  isChanged: (id: string) => boolean,
): Readonly<Record<string, ExperimentSettings>> {
  const known = Object.entries(experiments).filter(
    ([id, experiment]) => isChanged(id) || v.is(changedExperimentsSchema, { [id]: experiment }),
  );
  return parse(changedExperimentsSchema, Object.fromEntries(known), "experiments", MAX_STORED_DEPTH);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, at: string, maxDepth: number): T {
  const forbidden = findForbiddenKeys(value, at, maxDepth);
  if (forbidden.length > 0) throw invalidSettings(forbidden);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw invalidSettings(result.issues.map((issue) => toIssue(issue, at)));
}

function toIssue(issue: v.BaseIssue<unknown>, at: string): SettingsIssue {
  const path = (issue.path ?? []).reduce((joined, item) => joinPath(joined, String(item.key)), at);
  return { path, message: issue.message };
}
