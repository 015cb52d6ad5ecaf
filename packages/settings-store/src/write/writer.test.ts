import { EMPTY_SETTINGS, type SystemSettings, systemClock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { describe, expect, test } from "vitest";
import type { Write } from "../backend/backend.ts";
import { createToSettingsError } from "../errors/to-settings-error.ts";
import { createRefresh } from "../read/refresh.ts";
import { createSnapshotCache } from "../read/snapshot-cache.ts";
import { decodeRecord } from "../record/decode-record.ts";
import { encodeRecord, nextRecord } from "../record/next-record.ts";
import { emptyRecord, type SettingsRecord } from "../record/settings-record.ts";
import { createWriteId } from "../record/write-id.ts";
import { applyMergePatch } from "../schema/merge-patch.ts";
import { parseStoredSettings } from "../schema/parse-settings.ts";
import { createWriter, type Writer } from "./writer.ts";

const HISTORY_LIMIT = 10;

/** The outcome of the first write: whether it is stored, its result, and the number of other writes before the next read. */
interface Fault {
  readonly stored: boolean;
  readonly reply: "none" | "refused";
  readonly others: number;
}

const empty = emptyRecord(EMPTY_SETTINGS);

/** Writes of another process, directly to the record. */
function writeOthers(text: string | undefined, count: number): string | undefined {
  let record: SettingsRecord = text === undefined ? empty : decodeRecord(text);
  for (let written = 0; written < count; written++) {
    const version = record.version + 1;
    const settings = parseStoredSettings(applyMergePatch(record.settings, { order: [`p${version}`] }));
    const writeId = createWriteId(version, Math.random);
    record = nextRecord(record, { ...change, version, writeId, settings });
  }
  return count === 0 ? text : encodeRecord(record);
}

const change = { at: "2026-11-30T00:00:00.000Z", by: "other", reason: null, historyLimit: HISTORY_LIMIT };

/** A writer on a stored text, whose first write has a fault. */
function startWriter(fault: Fault): { readonly writer: Writer; readonly record: () => SettingsRecord } {
  let text = writeOthers(undefined, 1);
  let isFirst = true;
  const cache = createSnapshotCache(60_000, systemClock, () => {});
  const read = async () => text;
  async function compareAndSet({ expected, next }: Write): Promise<boolean> {
    if (expected !== text) return false;
    if (!isFirst) {
      text = next;
      return true;
    }
    isFirst = false;
    text = writeOthers(fault.stored ? next : text, fault.others);
    if (fault.reply === "refused") return false;
    throw new StorageError({ message: "the connection broke", applied: "unknown" });
  }
  const writer = createWriter({
    read,
    port: { read, compareAndSet },
    cache,
    refresh: createRefresh({ read, readHead: null, cache, clock: systemClock, empty }),
    empty,
    clock: systemClock,
    random: Math.random,
    writeTimeoutMs: 5_000,
    updateTimeoutMs: 60_000,
    historyLimit: HISTORY_LIMIT,
    origin: "test",
    toError: createToSettingsError("memory", []),
  });
  return { writer, record: () => decodeRecord(text ?? "") };
}

function countUp({ settings }: SettingsRecord): SystemSettings {
  const count = Number(settings.providers.mine?.model?.split(":")[1] ?? 0) + 1;
  return { ...settings, providers: { mine: { model: `count:${count}` } } };
}

/** An update that increments a counter, and the number of its runs. */
async function update({ writer }: { readonly writer: Writer }, options = {}) {
  let computed = 0;
  const compute = (base: SettingsRecord) => {
    computed += 1;
    return countUp(base);
  };
  const result = await writer.write(compute, options).then(
    ({ committed, snapshot }) => ({ committed, version: snapshot.version }),
    (thrown: { code: string; writeId?: string }) => ({ code: thrown.code, writeId: thrown.writeId ?? "" }),
  );
  return { result, computed };
}

const models = (record: SettingsRecord) => record.settings.providers.mine?.model;

describe("an update whose reply was lost", () => {
  test.each([0, 5, HISTORY_LIMIT + 3, 150, 4_000])(
    "is applied once, although %d others were written since",
    async (others) => {
      const started = startWriter({ stored: true, reply: "none", others });
      expect(await update(started)).toEqual({ result: { committed: true, version: 2 }, computed: 1 });
      expect(models(started.record())).toBe("count:1");
    },
  );

  test.each([1, HISTORY_LIMIT + 3, 4_000])("and that was not applied is retried over %d others", async (others) => {
    const started = startWriter({ stored: false, reply: "none", others });
    expect(await update(started)).toEqual({ result: { committed: true, version: others + 2 }, computed: 2 });
    expect(models(started.record())).toBe("count:1");
  });

  test.each([true, false])("is unknown when the record no longer contains it; stored: %s", async (stored) => {
    const started = startWriter({ stored, reply: "none", others: 4_200 });
    const { result, computed } = await update(started);
    expect(result).toMatchObject({ code: "write_unknown", writeId: expect.stringMatching(/^2-/) });
    expect(computed).toBe(1);
    expect(models(started.record())).toBe(stored ? "count:1" : undefined);
    const writeId = "writeId" in result ? result.writeId : "";
    await expect(started.writer.reconcile(writeId)).rejects.toMatchObject({ code: "write_unknown", writeId });
  });

  test("does not conflict with an expected version that matched", async () => {
    const started = startWriter({ stored: true, reply: "none", others: 30 });
    expect((await update(started, { expectedVersion: 1 })).result).toEqual({ committed: true, version: 2 });
  });
});

test.each([{}, { expectedVersion: 1 }])("a write that a driver sent twice is not retried: %j", async (options) => {
  const started = startWriter({ stored: true, reply: "refused", others: 20 });
  expect(await update(started, options)).toEqual({ result: { committed: true, version: 2 }, computed: 1 });
  expect(models(started.record())).toBe("count:1");
});
