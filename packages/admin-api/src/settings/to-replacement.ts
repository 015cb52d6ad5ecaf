import type { SystemSettings } from "@babylon/llm-core";
import { diffSettings, type SettingsPatch } from "@babylon/settings-store/patch";
import * as v from "valibot";
import { patchSchema } from "../contract-schema.ts";
import { parseBody } from "../http/read-json-body.ts";

const bodySchema = v.object({ settings: patchSchema });

/**
 * The patch that replaces the stored settings with whole settings of a body. Fields that a newer version has stored may be sent back
 * unchanged, or be left out, and are kept. Throws `invalid_body` for any other unknown field: that depends on the stored settings, so it
 * cannot be checked with the body.
 */
export function toReplacement(settings: SystemSettings, stored: SystemSettings): SettingsPatch {
  return parseBody(bodySchema, { settings: diffSettings(stored, settings) }).settings;
}
