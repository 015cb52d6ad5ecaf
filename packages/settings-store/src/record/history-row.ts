import { isRecord, type JsonObject } from "@babylon/llm-core";
import * as v from "valibot";

/** One committed change, as the record keeps it. */
export interface HistoryRow {
  /** The version that the change made. */
  readonly version: number;
  readonly writeId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The merge patch that leads from this version's settings back to those of the version before. */
  readonly undo: JsonObject;
  /** Where the settings of the version before hold `null`, which a merge patch cannot say. Absent: nowhere else. */
  readonly nulls?: JsonObject | undefined;
}

const textOrNull = v.nullable(v.string());

export const versionSchema: v.GenericSchema<unknown, number> = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A row, with whatever a newer version has added to it. */
export const historyRowSchema: v.GenericSchema<unknown, HistoryRow> = v.looseObject({
  version: versionSchema,
  writeId: v.string(),
  at: v.string(),
  by: textOrNull,
  reason: textOrNull,
  undo: v.custom<JsonObject>(isRecord),
  nulls: v.optional(v.custom<JsonObject>(isRecord)),
});
