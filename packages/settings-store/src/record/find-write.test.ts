import { EMPTY_SETTINGS } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { parseSettings } from "../schema/parse-settings.ts";
import { findWrite } from "./find-write.ts";
import { nextRecord } from "./next-record.ts";
import { emptyRecord, type SettingsRecord } from "./settings-record.ts";
import { createWriteId } from "./write-id.ts";
import { EMPTY_WRITE_LOG } from "./write-log.ts";

const idOf = (version: number) => createWriteId(version, () => version / 10_000);
const otherOf = (version: number) => createWriteId(version, () => 0.999);

function recordOf(versions: readonly number[], historyLimit: number): SettingsRecord {
  return versions.reduce<SettingsRecord>(
    (record, version) =>
      nextRecord(record, {
        version,
        writeId: idOf(version),
        settings: parseSettings({ order: [`p${version}`] }),
        at: "2026-11-30T00:00:00.000Z",
        by: null,
        reason: null,
        historyLimit,
      }),
    emptyRecord(EMPTY_SETTINGS),
  );
}

const record = recordOf([1, 2, 3, 7, 8, 9], 2);
const withoutLog = { ...record, writes: EMPTY_WRITE_LOG };
const long = recordOf(
  Array.from({ length: 5_000 }, (_, index) => index + 1),
  4_900,
);

test.each<[what: string, record: SettingsRecord, writeId: string, fate: string]>([
  ["the last one", record, idOf(9), "applied"],
  ["one that conflicted with the last one", record, otherOf(9), "lost"],
  ["one in the history", record, idOf(8), "applied"],
  ["one that lost to one in the history", record, otherOf(8), "lost"],
  ["one in the log", record, idOf(2), "applied"],
  ["one that lost to one in the log", record, otherOf(2), "lost"],
  ["one of a version that was skipped", record, idOf(5), "lost"],
  ["one that is to come", record, idOf(10), "open"],
  ["one that only an earlier record remembered", withoutLog, idOf(2), "forgotten"],
  ["one in the history, without a log", withoutLog, idOf(8), "applied"],
  ["one before the log, in a longer history", long, idOf(500), "applied"],
  ["one that lost before the log, in a longer history", long, otherOf(500), "lost"],
  ["one before both", long, idOf(50), "forgotten"],
])("%s", async (_, given, writeId, fate) => {
  expect(await findWrite(given, writeId)).toBe(fate);
});
