import type { SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import { settingsSchema } from "./contract-schema.ts";
import { parseBody } from "./http/read-json-body.ts";
import { withoutStored } from "./patch.ts";

const bodySchema = v.object({ settings: settingsSchema });

/**
 * Throws `invalid_body` when whole settings of a body have a field that is not known. Fields that a newer version has stored may come
 * back as they are.
 */
export function refuseForeign(settings: SystemSettings, stored: SystemSettings): void {
  parseBody(bodySchema, { settings: withoutStored(settings, stored) });
}
