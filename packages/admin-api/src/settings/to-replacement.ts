import type { SystemSettings } from "@babylon/llm-core";
import { diffSettings, type SettingsPatch } from "@babylon/settings-store/patch";
import * as v from "valibot";
import { patchSchema } from "../contract-schema.ts";
import { parseBody } from "../http/read-json-body.ts";

const bodySchema = v.object({ settings: patchSchema });

/**
 * The patch that replaces what is stored by whole settings of a body. Fields that a newer version has stored may come back as they
 * are, or be left out, and stay. Throws `invalid_body` for any other field that is not known: only what is stored can tell the two
 * apart, so this cannot be checked with the body.
 */
export function toReplacement(settings: SystemSettings, stored: SystemSettings): SettingsPatch {
  return parseBody(bodySchema, { settings: diffSettings(stored, settings) }).settings;
}
