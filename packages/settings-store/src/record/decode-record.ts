import { EMPTY_SETTINGS, isRecord } from "@babylon/llm-core";
import * as v from "valibot";
import { applyMergePatch } from "../merge-patch.ts";
import { parseSettings } from "../parse-settings.ts";
import { isSettingsError, SettingsError } from "../settings-error.ts";
import { fromKeyvEnvelope } from "./keyv-envelope.ts";
import { fromOlderSettings, isOlderSettings } from "./older-settings.ts";
import { emptyRecord, type HistoryRow, RECORD_SCHEMA, type SettingsRecord } from "./settings-record.ts";

const versionSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const textOrNull = v.nullable(v.string());

const historyRowSchema = v.looseObject({
  version: versionSchema,
  writeId: v.string(),
  at: v.string(),
  by: textOrNull,
  reason: textOrNull,
  undo: v.custom<HistoryRow["undo"]>(isRecord),
});

const recordSchema = v.looseObject({
  id: v.literal("system"),
  schema: v.literal(RECORD_SCHEMA),
  version: versionSchema,
  writeId: v.pipe(v.string(), v.minLength(1)),
  createdAt: textOrNull,
  updatedAt: textOrNull,
  updatedBy: textOrNull,
  settings: v.unknown(),
  history: v.array(historyRowSchema),
});

/**
 * The record in a stored text. A row of the older shape becomes a record of version 0; the next write stores it in the new one.
 * Throws `corrupt` for anything else, and `schema_too_new` for a record that a newer version of this package wrote.
 */
export function decodeRecord(raw: string): SettingsRecord {
  const value = fromKeyvEnvelope(raw);
  if (value === undefined) throw corrupt('it is not JSON of the form {"value":...}');
  if (isOlderSettings(value)) return fromOlderRow(value);
  if (isRecord(value) && typeof value.schema === "number" && value.schema > RECORD_SCHEMA) {
    throw new SettingsError({
      code: "schema_too_new",
      message: `the stored settings have schema ${value.schema}, this version of @babylon/settings-store knows ${RECORD_SCHEMA}: update it`,
    });
  }
  const result = v.safeParse(recordSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw corrupt(`${v.getDotPath(issue) ?? "the record"}: ${issue.message}`);
  }
  return { ...result.output, settings: storedSettings(result.output.settings) };
}

function fromOlderRow(row: unknown): SettingsRecord {
  return orCorrupt(() => {
    const settings = parseSettings(applyMergePatch(EMPTY_SETTINGS, fromOlderSettings(row)));
    return emptyRecord(settings);
  });
}

function storedSettings(value: unknown): SettingsRecord["settings"] {
  return orCorrupt(() => parseSettings(value, "settings"));
}

function orCorrupt<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (isSettingsError(thrown, "invalid")) throw corrupt(thrown.message);
    throw thrown;
  }
}

function corrupt(what: string): SettingsError {
  return new SettingsError({ code: "corrupt", message: `what is stored under the key is no settings record: ${what}` });
}
