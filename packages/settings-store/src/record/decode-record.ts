import { EMPTY_SETTINGS, isRecord } from "@babylon/llm-core";
import * as v from "valibot";
import { SettingsError } from "../errors/settings-error.ts";
import { applyMergePatch } from "../schema/merge-patch.ts";
import { fromOlderSettings, isOlderSettings } from "../schema/older-settings.ts";
import { parseSettings, parseStoredSettings } from "../schema/parse-settings.ts";
import { corruptRecord, rethrowAsCorrupt } from "./corrupt-record.ts";
import { historyRowSchema, versionSchema } from "./history-row.ts";
import { fromKeyvEnvelope } from "./keyv-envelope.ts";
import { isPackedRows, type PackedRows } from "./pack-rows.ts";
import { emptyRecord, RECORD_SCHEMA, type SettingsRecord } from "./settings-record.ts";
import { EMPTY_WRITE_LOG } from "./write-log.ts";

const textOrNull = v.nullable(v.string());

const recordSchema = v.looseObject({
  id: v.literal("system"),
  schema: v.pipe(v.number(), v.minValue(RECORD_SCHEMA)),
  version: versionSchema,
  writeId: v.pipe(v.string(), v.minLength(1)),
  createdAt: textOrNull,
  updatedAt: textOrNull,
  updatedBy: textOrNull,
  settings: v.unknown(),
  history: v.array(historyRowSchema),
  // Records of earlier versions lack these fields.
  packed: v.optional(v.array(v.custom<PackedRows>(isPackedRows)), []),
  writes: v.optional(
    v.object({ from: versionSchema, ids: v.pipe(v.string(), v.regex(/^(?:.{8})*$/, "expected short ids")) }),
    EMPTY_WRITE_LOG,
  ),
});

/**
 * Parses a stored text. Unknown fields of a newer version of the same schema are kept. A row of the older system becomes a record of
 * version 0; the next write stores it as a record. Throws `corrupt` for any other text, and `schema_too_new` for a record of a higher
 * schema.
 */
export function decodeRecord(raw: string): SettingsRecord {
  const value = fromKeyvEnvelope(raw);
  if (value === undefined) throw corruptRecord('it is not JSON of the form {"value":...}');
  if (isOlderSettings(value)) return fromOlderRow(value);
  if (isRecord(value) && typeof value.schema === "number" && value.schema >= RECORD_SCHEMA + 1) {
    throw new SettingsError({
      code: "schema_too_new",
      message: `the stored settings have schema ${value.schema}, but this version of @babylon/settings-store supports ${RECORD_SCHEMA}: upgrade it`,
    });
  }
  const result = v.safeParse(recordSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw corruptRecord(`${v.getDotPath(issue) ?? "the record"}: ${issue.message}`);
  }
  const { output } = result;
  return { ...output, settings: rethrowAsCorrupt(() => parseStoredSettings(output.settings, "settings")) };
}

function fromOlderRow(row: unknown): SettingsRecord {
  return rethrowAsCorrupt(() => {
    const settings = parseSettings(applyMergePatch(EMPTY_SETTINGS, fromOlderSettings(row)));
    return emptyRecord(settings);
  });
}
