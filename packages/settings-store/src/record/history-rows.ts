import type { HistoryRow } from "./history-row.ts";
import { type PackedRows, packRows, unpackRows } from "./pack-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";

/** The rows of a record's history: the latest as they are, the older ones compressed. */
export interface HistoryRows {
  readonly history: readonly HistoryRow[];
  readonly packed: readonly PackedRows[];
}

/** Rows that are kept as they are. A hundred changes of a few fields have a fifth of it. */
const MAX_PLAIN_CHARACTERS = 256_000;

/** Bounds of a history. */
export interface HistoryBounds {
  /** How many rows are kept. */
  readonly limit: number;
  /** How long they may be in all, compressed or not. */
  readonly maxCharacters: number;
}

/** All rows, newest first, as far back as they can be read. Lets the process do other things before each block, which is long. */
export async function* rowsOf({ history, packed }: SettingsRecord): AsyncGenerator<HistoryRow> {
  yield* history;
  for (const block of packed) {
    await new Promise((resolve) => setImmediate(resolve));
    const rows = unpackRows(block);
    if (rows === undefined) return;
    yield* rows;
  }
}

/** Puts a row in front. Rows that grow too long for a text that is read often are compressed in one go, the newest excepted. */
export function addRow({ history, packed }: HistoryRows, row: HistoryRow, bounds: HistoryBounds): HistoryRows {
  const rows = [row, ...history].slice(0, bounds.limit);
  const lengths = rows.map((each) => JSON.stringify(each).length);
  const plain = lengths.reduce((sum, length) => sum + length, 0);
  const maxPlain = Math.min(MAX_PLAIN_CHARACTERS, bounds.maxCharacters);
  if (plain <= maxPlain) return withinBounds({ history: rows, packed }, plain, bounds);
  const newest = lengths[0] ?? 0;
  const kept = newest > maxPlain ? 0 : 1;
  const block = packRows(rows.slice(kept));
  const next = { history: rows.slice(0, kept), packed: block.rows === 0 ? packed : [block, ...packed] };
  return withinBounds(next, kept === 0 ? 0 : newest, bounds);
}

/** Drops blocks that begin beyond the limit or do not fit, and counts the last one down to the limit. */
function withinBounds({ history, packed }: HistoryRows, plain: number, bounds: HistoryBounds): HistoryRows {
  const kept: PackedRows[] = [];
  let rows = history.length;
  let characters = plain;
  for (const block of packed) {
    characters += block.brotli.length;
    if (rows >= bounds.limit || characters > bounds.maxCharacters) break;
    kept.push({ ...block, rows: Math.min(block.rows, bounds.limit - rows) });
    rows += block.rows;
  }
  return { history, packed: kept };
}
