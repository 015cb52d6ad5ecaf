import type { HistoryRow } from "./history-row.ts";
import { type PackedRows, packRows, unpackRows } from "./pack-rows.ts";
import type { SettingsRecord } from "./settings-record.ts";

/** The rows of a record's history: the latest plain, the older ones compressed. */
export interface HistoryRows {
  readonly history: readonly HistoryRow[];
  readonly packed: readonly PackedRows[];
}

/** Limit of the plain rows. A hundred changes of a few fields take a fifth of it. */
const MAX_PLAIN_CHARACTERS = 256_000;

/** Bounds of a history. */
export interface HistoryBounds {
  /** Maximum number of rows. */
  readonly limit: number;
  /** Maximum length of all rows, plain and compressed. */
  readonly maxCharacters: number;
}

/** All readable rows, newest first. Yields to the event loop before each block, because unpacking one takes long. */
export async function* rowsOf({ history, packed }: SettingsRecord): AsyncGenerator<HistoryRow> {
  yield* history;
  for (const block of packed) {
    await new Promise((resolve) => setImmediate(resolve));
    const rows = unpackRows(block);
    if (rows === undefined) return;
    yield* rows;
  }
}

/** Adds the newest row. When the plain rows exceed their limit, all except the newest are compressed into one block. */
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

/** Drops blocks beyond the limits, and lowers the row count of the last block to the limit. */
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
