import { describe, expect, test } from "vitest";
import type { HistoryRow } from "./history-row.ts";
import { createWriteId, fragmentOfWriteId } from "./write-id.ts";
import { EMPTY_WRITE_LOG, logWrite, shortIdAt, type WriteLog } from "./write-log.ts";

const idOf = (version: number) => createWriteId(version, () => version / 100_000);
const shortOf = (version: number) => fragmentOfWriteId(idOf(version));

function rowOf(version: number): HistoryRow {
  return { version, writeId: idOf(version), at: "", by: null, reason: null, undo: {} };
}

/** A log after writes of these versions. */
function logOf(versions: Iterable<number>, start: WriteLog = EMPTY_WRITE_LOG, previous = 0): WriteLog {
  let log = start;
  let last = previous;
  for (const version of versions) {
    log = logWrite(log, { version: last, rows: [] }, { version, writeId: idOf(version) });
    last = version;
  }
  return log;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the log of writes", () => {
  test("holds the latest 4,096 in at most 32 KB", () => {
    const log = logOf(range(1, 5_000));
    expect(log.ids.length).toBe(32 * 1024);
    expect(shortIdAt(log, 5_000)).toBe(shortOf(5_000));
    expect(shortIdAt(log, 905)).toBe(shortOf(905));
    expect([shortIdAt(log, 904), shortIdAt(log, 5_001)]).toEqual([undefined, undefined]);
  });

  test("marks skipped versions, and starts anew when there are many", () => {
    const log = logOf([1, 2, 6, 7]);
    expect(range(1, 8).map((version) => shortIdAt(log, version))).toEqual([
      shortOf(1),
      shortOf(2),
      null,
      null,
      null,
      shortOf(6),
      shortOf(7),
      undefined,
    ]);
    expect(logOf([1, 2, 1_000_000_000])).toEqual({ from: 1_000_000_000, ids: shortOf(1_000_000_000) });
  });

  test.each<[what: string, log: WriteLog, rows: readonly number[], previous: number, covered: readonly number[]]>([
    ["none at all", EMPTY_WRITE_LOG, [5, 4, 3], 5, [3, 4, 5, 6]],
    ["one that stopped, where the history reaches back to it", logOf([1, 2]), [5, 4, 3, 2], 5, [1, 2, 3, 4, 5, 6]],
    ["one that stopped, with a hole after it", logOf([1, 2]), [9, 8], 9, [8, 9, 10]],
    ["one that stopped, and no history", logOf([1, 2]), [], 9, [10]],
    ["one of other versions", logOf(range(1, 30)), [9, 8], 9, [8, 9, 10]],
  ])("catches up with processes that write none, from %s", (_, log, rows, previous, covered) => {
    const write = { version: previous + 1, writeId: idOf(previous + 1) };
    const next = logWrite(log, { version: previous, rows: rows.map(rowOf) }, write);
    const found = range(1, 40).filter((version) => shortIdAt(next, version) !== undefined);
    expect(found).toEqual(covered);
    for (const version of covered) expect(shortIdAt(next, version)).toBe(shortOf(version));
  });
});
