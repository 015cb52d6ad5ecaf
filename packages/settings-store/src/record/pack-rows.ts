import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { isRecord } from "@babylon/llm-core";
import * as v from "valibot";
import { type HistoryRow, historyRowSchema } from "./history-row.ts";

/** A block of compressed history rows. It is never repacked; only its row count is lowered, until it is dropped. */
export interface PackedRows {
  /** How many of the rows are valid, newest first. */
  readonly rows: number;
  /** A JSON list of rows, Brotli, Base64. */
  readonly brotli: string;
}

/** Large enough for the repetition between rows: a change of a thousand agents repeats the previous row about 35 KB later. */
const WINDOW_BITS = 20;

/** Limit of an unpacked block; a larger one was not written by this package. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

const rowsSchema = v.array(historyRowSchema);

/** Compresses rows. About 10 ms for each megabyte. */
export function packRows(rows: readonly HistoryRow[]): PackedRows {
  const text = Buffer.from(JSON.stringify(rows));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return { rows: rows.length, brotli: brotliCompressSync(text, { params }).toString("base64") };
}

/** Unpacks the rows of a block; `undefined` when it is damaged. */
export function unpackRows({ rows, brotli }: PackedRows): readonly HistoryRow[] | undefined {
  try {
    const text = brotliDecompressSync(Buffer.from(brotli, "base64"), { maxOutputLength: MAX_UNPACKED_BYTES });
    const result = v.safeParse(rowsSchema, JSON.parse(text.toString()));
    return result.success ? result.output.slice(0, rows) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value has the shape of a block. */
export function isPackedRows(value: unknown): value is PackedRows {
  return (
    isRecord(value) && Number.isSafeInteger(value.rows) && Number(value.rows) > 0 && typeof value.brotli === "string"
  );
}
