import { EMPTY_SETTINGS } from "@babylon/llm-core";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import { describe, expect, test } from "vitest";
import { isSettingsError } from "../errors/settings-error.ts";
import { fromOlderSettings } from "../schema/older-settings.ts";
import { parseSettings } from "../schema/parse-settings.ts";
import { decodeRecord } from "./decode-record.ts";
import { listHistory, settingsAt } from "./history.ts";
import { type Change, encodeRecord, MAX_RECORD_CHARACTERS, nextRecord } from "./next-record.ts";
import { emptyRecord, type SettingsRecord } from "./settings-record.ts";
import { createWriteId, versionOfWriteId } from "./write-id.ts";

const MODELS = ["plain", ":colon", "::two", ":base64:aGk=", ":bigint:12", "wandb-artifact:///t/p/n:v1"];

function change(version: number, settings: unknown, more: Partial<Change> = {}): Change {
  const writeId = createWriteId(version, Math.random);
  const at = "2026-11-22T00:00:00.000Z";
  return {
    version,
    writeId,
    settings: parseSettings(settings),
    at,
    by: "ann",
    reason: null,
    historyLimit: 100,
    ...more,
  };
}

function recordOf(...settings: unknown[]): SettingsRecord {
  return settings.reduce<SettingsRecord>(
    (record, value, index) => nextRecord(record, change(index + 1, value)),
    emptyRecord(EMPTY_SETTINGS),
  );
}

describe("a stored record", () => {
  test.each(MODELS)("round-trips: %s", (model) => {
    const record = recordOf({ providers: { wandb: { model } }, agents: { a: { models: { groq: model } } } });
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  });

  /** The common interface of both major versions. */
  interface PlainKeyv {
    readonly store: { get(key: string): unknown };
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<unknown>;
  }

  test.each<[string, () => PlainKeyv]>([
    ["Keyv 6", () => new Keyv({ store: new Map() })],
    ["Keyv 5", () => new Keyv5({ store: new Map() })],
  ])("is one that plain %s reads and writes", async (_, createKeyv) => {
    const keyv = createKeyv();
    const record = recordOf({ providers: { wandb: { model: ":colon" } } });
    // Keyv 5 puts its default namespace before the key of a Map.
    for (const key of ["k", "keyv:k"])
      await Reflect.apply(Reflect.get(keyv.store, "set"), keyv.store, [key, encodeRecord(record)]);
    expect(await keyv.get("k")).toEqual(record);
    await keyv.set("other", record);
    const raw: unknown = (await keyv.store.get("other")) ?? (await keyv.store.get("keyv:other"));
    expect(decodeRecord(String(raw))).toEqual(record);
  });

  test("that is truncated, of another shape or with invalid settings is corrupt", () => {
    const text = encodeRecord(recordOf({ order: ["groq"] }));
    const broken = [
      text.slice(0, -5),
      text.replace('"version":1', '"version":"1"'),
      text.replace('"version":1', '"version":0'),
      text.replace('["groq"]', '["Groq"]'),
      text.replace('"id":"system"', '"id":"other"'),
      text.replace('"schema":1,', ""),
      "",
      "null",
      '"text"',
    ];
    for (const raw of broken) {
      expect(() => decodeRecord(raw)).toThrow(expect.objectContaining({ code: "corrupt" }));
    }
  });

  test("of a newer schema is not changed", () => {
    const text = encodeRecord(recordOf({})).replace('"schema":1', '"schema":7');
    expect(() => decodeRecord(text)).toThrow(expect.objectContaining({ code: "schema_too_new" }));
  });
});

describe("the history", () => {
  const steps = [
    { order: ["groq"] },
    { order: ["groq"], agents: { a: { provider: "groq", model: "m" } } },
    { order: null, agents: { a: { models: { wandb: "w" } } } },
    {},
  ];

  test("restores every version, and has the patch of each", async () => {
    const record = decodeRecord(encodeRecord(recordOf(...steps)));
    for (const [index, settings] of steps.entries()) {
      expect(await settingsAt(record, index + 1)).toEqual(parseSettings(settings));
    }
    expect(await settingsAt(record, 0)).toEqual(EMPTY_SETTINGS);
    expect(await settingsAt(record, 9)).toBeUndefined();
    expect((await listHistory(record)).map(({ patch }) => patch)).toEqual([
      { agents: { a: null } },
      { order: null, agents: { a: { provider: null, model: null, models: { wandb: "w" } } } },
      { agents: { a: { provider: "groq", model: "m" } } },
      { order: ["groq"] },
    ]);
  });

  test("is bounded in number and in size", async () => {
    let record = emptyRecord(EMPTY_SETTINGS);
    for (let version = 1; version <= 30; version++) {
      record = nextRecord(record, change(version, { order: [`p${version}`] }, { historyLimit: 10 }));
    }
    expect(record.history.map(({ version }) => version)).toEqual(Array.from({ length: 10 }, (_, index) => 30 - index));
    expect(await settingsAt(record, 19)).toBeUndefined();
    for (let version = 31; version <= 60; version++) {
      const agents = Object.fromEntries(
        Array.from({ length: 500 }, (_, index) => [
          `agent-${index}`,
          { provider: "groq", model: `${version}-${index}` },
        ]),
      );
      record = nextRecord(record, change(version, { agents }));
    }
    const written = decodeRecord(encodeRecord(record));
    expect((await listHistory(written)).map(({ version }) => version)).toEqual(
      Array.from({ length: 40 }, (_, index) => 60 - index),
    );
  });

  /** Settings in which each of a thousand agents has a different model than in the previous version. */
  const manyAgents = (version: number) => ({
    agents: Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `agent-${index}`,
        { provider: version % 2 === 0 ? "groq" : "wandb", model: `team/model-${version}-${(index * 7_919) % 1_000}` },
      ]),
    ),
  });

  test("keeps and reverts all its rows when each changes a thousand agents", async () => {
    let record = emptyRecord(EMPTY_SETTINGS);
    for (let version = 1; version <= 120; version++) record = nextRecord(record, change(version, manyAgents(version)));
    const text = encodeRecord(record);
    expect(text.length).toBeLessThan(600_000);
    const read = decodeRecord(text);
    expect(read.history.length + read.packed.reduce((sum, { rows }) => sum + rows, 0)).toBe(100);
    const entries = await listHistory(read);
    expect(entries.map(({ version }) => version)).toEqual(Array.from({ length: 100 }, (_, index) => 120 - index));
    for (const { version, settings } of entries.filter((_, index) => index % 33 === 0)) {
      expect(settings).toEqual(parseSettings(manyAgents(version)));
    }
    expect(entries[40]?.patch).toMatchObject({ agents: { "agent-7": { model: "team/model-80-433" } } });
    expect(await listHistory(read, 3)).toEqual(entries.slice(0, 3));
    expect(await settingsAt(read, 20)).toEqual(parseSettings(manyAgents(20)));
    expect(await settingsAt(read, 19)).toBeUndefined();
  });

  test("shrinks with its limit, and ends at the first unreadable row", async () => {
    let record = emptyRecord(EMPTY_SETTINGS);
    for (let version = 1; version <= 30; version++) record = nextRecord(record, change(version, manyAgents(version)));
    const shorter = nextRecord(record, change(31, {}, { historyLimit: 12 }));
    expect(await listHistory(shorter)).toHaveLength(12);
    expect(await settingsAt(shorter, 19)).toEqual(parseSettings(manyAgents(19)));
    const [first, ...others] = record.packed;
    if (first === undefined) throw new Error("nothing was packed");
    const damaged = { ...record, packed: [first, { rows: 4, brotli: "bm90IGJyb3RsaQ==" }, ...others] };
    expect(await listHistory(damaged)).toHaveLength(record.history.length + first.rows);
    expect(await settingsAt(damaged, 2)).toBeUndefined();
  });

  test("is shortened when the settings are large", () => {
    const agents = Object.fromEntries(
      Array.from({ length: 3_500 }, (_, index) => [`agent-${index}`, { provider: "groq", model: "m".repeat(490) }]),
    );
    let record = recordOf({ agents }, {}, { agents }, {});
    record = nextRecord(record, change(5, { agents }));
    expect(encodeRecord(record).length).toBeLessThan(MAX_RECORD_CHARACTERS);
  });

  test.each([
    ["an invalid table", { agents: "x" }],
    ["an invalid agent", { agents: { a: 5 } }],
  ])("is corrupt where a row leads to %s", async (_, undo) => {
    const record = recordOf({ agents: { a: { provider: "groq" } } });
    const broken = { ...record, history: record.history.map((row) => ({ ...row, undo })) };
    await expect(settingsAt(broken, 0)).rejects.toMatchObject({ code: "corrupt" });
    await expect(listHistory(broken)).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("a row of the older system", () => {
  test.each([
    [{ wandbModel: "m", wandbEnabled: true }, { wandb: { model: "m", enabled: true } }],
    [{ wandbModel: null, wandbEnabled: true }, { wandb: { model: null, enabled: true } }],
    [{ wandbModel: "", wandbEnabled: false }, { wandb: { model: null, enabled: false } }],
    [{ id: "system", wandbModel: "m", createdAt: "x", updatedAt: "y" }, { wandb: { model: "m", enabled: false } }],
  ])("%j", (row, providers) => {
    expect(fromOlderSettings(row)).toEqual({ providers });
  });

  test.each([null, {}, { wandbModel: 1 }, { model: "m" }, "row"])("%j is not one", (row) => {
    expect(() => fromOlderSettings(row)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});

test("a write id contains the version that it would create", () => {
  expect(versionOfWriteId(createWriteId(12, Math.random))).toBe(12);
  expect(versionOfWriteId("12")).toBeNull();
  expect(isSettingsError(versionOfWriteId)).toBe(false);
});
