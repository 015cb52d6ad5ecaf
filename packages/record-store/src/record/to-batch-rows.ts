import type { RecordBatch } from "../contract/record-engine.ts";
import { nextTurn } from "../usage/next-turn.ts";
import type { PackedContent } from "./pack-record.ts";
import { type CallNames, type RecordFigures, toCallNames, toRecordFigures } from "./record-figures.ts";
import { parsePackedRecord } from "./unpack-record.ts";

/** A call as it is stored. */
export interface CallRow {
  readonly callId: string;
  readonly startedAt: number;
  readonly names: CallNames;
  readonly figures: RecordFigures;
  readonly line: string;
}

/** The content of a call as it is stored. */
export interface ContentRow {
  readonly callId: string;
  readonly startedAt: number;
  readonly content: string;
}

/** Calls that are parsed in one turn of the event loop: less than a millisecond. */
const ROWS_PER_TURN = 50;

/** The rows of the calls of a batch; each call once. */
export async function toCallRows({ lines }: RecordBatch): Promise<readonly CallRow[]> {
  const rows = new Map<string, CallRow>();
  for (const [index, line] of (lines === "" ? [] : lines.split("\n")).entries()) {
    const packed = parsePackedRecord(line);
    const [, callId, startedAt] = packed;
    const figures = toRecordFigures(packed);
    const row = { callId, startedAt, names: toCallNames(packed), figures, line };
    const key = rowKey(row);
    if (!rows.has(key)) rows.set(key, row);
    if (index % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
  }
  return [...rows.values()];
}

/** What makes a call the same call: a record that arrives again has the same start. */
export const rowKey = ({ callId, startedAt }: { readonly callId: string; readonly startedAt: number }): string =>
  `${startedAt} ${callId}`;

/** The rows of the contents of a batch. */
export async function toContentRows({ contents }: RecordBatch): Promise<readonly ContentRow[]> {
  const rows: ContentRow[] = [];
  for (const line of contents === "" ? [] : contents.split("\n")) {
    const [callId, startedAt, content] = JSON.parse(line) as PackedContent;
    rows.push({ callId, startedAt, content: JSON.stringify(content) });
    await nextTurn();
  }
  return rows;
}
