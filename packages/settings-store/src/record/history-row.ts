import { isRecord, type JsonObject } from "@babylon/llm-core";
import * as v from "valibot";

/** One committed change, as stored in the record. */
export interface HistoryRow {
  /** The version that the change created. */
  readonly version: number;
  readonly writeId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch from this version's settings back to the previous ones. */
  readonly undo: JsonObject;
  /** Members of the previous settings that are `null`, which a merge patch cannot express. Absent: none. */
  readonly nulls?: JsonObject | undefined;
}

const textOrNull = v.nullable(v.string());

export const versionSchema: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A row; unknown fields of a newer version are kept. */
export const historyRowSchema: v.GenericSchema<unknown, HistoryRow> = v.looseObject({
  version: versionSchema,
  writeId: v.string(),
  at: v.string(),
  by: textOrNull,
  reason: textOrNull,
  undo: v.custom<JsonObject>(isRecord),
  nulls: v.optional(v.custom<JsonObject>(isRecord)),
});
