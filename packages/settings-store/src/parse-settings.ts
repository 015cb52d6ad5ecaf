import type { SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { findForbiddenKeys, joinPath } from "./forbidden-keys.ts";
import { invalidSettings, type SettingsIssue } from "./settings-error.ts";
import type { SettingsPatch } from "./settings-patch.ts";
import { patchSchema, settingsSchema } from "./settings-schema.ts";

/** Settings, checked and in their one form. Throws `invalid` with a path for each thing that is wrong. */
export function parseSettings(value: unknown, at = ""): SystemSettings {
  return parse(settingsSchema, value, at);
}

/** A patch whose every field is known and of the right shape. Throws `invalid`; what it leads to is checked after merging. */
export function parsePatch(value: unknown): SettingsPatch {
  return parse(patchSchema, value, "");
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, at: string): T {
  const forbidden = findForbiddenKeys(value, at);
  if (forbidden.length > 0) throw invalidSettings(forbidden);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw invalidSettings(result.issues.map((issue) => toIssue(issue, at)));
}

function toIssue(issue: v.BaseIssue<unknown>, at: string): SettingsIssue {
  const path = (issue.path ?? []).reduce((joined, item) => joinPath(joined, String(item.key)), at);
  // valibot says `Expected never` for a key that a strict object does not know.
  const message = issue.type === "strict_object" && issue.expected === "never" ? "unknown field" : issue.message;
  return { path, message };
}
