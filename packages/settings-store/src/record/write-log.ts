import type { HistoryRow } from "./history-row.ts";
import { fragmentOfWriteId } from "./write-id.ts";

/**
 * The short ids of the latest writes, far more than the history has rows, so that the outcome of a write can still be determined after
 * thousands of other writes.
 */
export interface WriteLog {
  /** The version of the first id. */
  readonly from: number;
  /** Eight characters per version, in order; `--------` for a skipped version. */
  readonly ids: string;
}

const ID_LENGTH = 8;
const NO_WRITE = "-".repeat(ID_LENGTH);

/** 32 KB: 4,096 writes. */
const MAX_CHARACTERS = 32 * 1024;

export const EMPTY_WRITE_LOG: WriteLog = Object.freeze({ from: 1, ids: "" });

/** The short id of a version; `null` when the version was skipped, `undefined` when the log does not cover it. */
export function shortIdAt({ from, ids }: WriteLog, version: number): string | null | undefined {
  const start = (version - from) * ID_LENGTH;
  if (start < 0 || start >= ids.length) return undefined;
  const id = ids.slice(start, start + ID_LENGTH);
  return id === NO_WRITE ? null : id;
}

/** Appends a write to the log of the record before it. */
export function logWrite(
  log: WriteLog,
  previous: { readonly version: number; readonly rows: readonly HistoryRow[] },
  write: { readonly version: number; readonly writeId: string },
): WriteLog {
  const { from, ids } = catchUp(log, previous);
  const skipped = write.version - previous.version - 1;
  // More versions were skipped than the log covers, so it starts anew.
  if (skipped * ID_LENGTH >= MAX_CHARACTERS) return { from: write.version, ids: fragmentOfWriteId(write.writeId) };
  const all = ids + NO_WRITE.repeat(skipped) + fragmentOfWriteId(write.writeId);
  const dropped = Math.max(0, all.length - MAX_CHARACTERS);
  return { from: from + dropped / ID_LENGTH, ids: all.slice(dropped) };
}

/** A process of an earlier version writes no log: its writes are added from the history, or the log starts anew after them. */
function catchUp(log: WriteLog, { version, rows }: { version: number; rows: readonly HistoryRow[] }): WriteLog {
  const last = log.from + log.ids.length / ID_LENGTH - 1;
  if (last === version) return log;
  let { from, ids } = last < version ? log : EMPTY_WRITE_LOG;
  let next = ids === "" ? 0 : last + 1;
  for (const row of rows.toReversed()) {
    if (row.version < next) continue;
    if (row.version !== next) [from, ids] = [row.version, ""];
    ids += fragmentOfWriteId(row.writeId);
    next = row.version + 1;
  }
  return next === version + 1 ? { from, ids } : { from: version + 1, ids: "" };
}
