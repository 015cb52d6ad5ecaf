import { afterEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsPatch } from "../schema/settings-patch.ts";
import type { SettingsStore } from "../settings-store.ts";
import { SETTINGS_KEY } from "../test-support/test-backend.ts";
import { fromKeyvEnvelope, toKeyvEnvelope } from "./keyv-envelope.ts";

const stores: SettingsStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

interface Stored {
  readonly settings: unknown;
  readonly history: readonly unknown[];
}

/** A store with a stored value, and a function that returns the value afterwards. */
async function open(value: unknown) {
  const data = new Map([[SETTINGS_KEY, toKeyvEnvelope(value)]]);
  const store = await createSettingsStore({ keyv: data });
  stores.push(store);
  return { store, stored: () => fromKeyvEnvelope(data.get(SETTINGS_KEY) ?? "") as Stored };
}

const WRITE_ID = "0123456789abcdef01234567";

/** The format of the previous version: rows with merge patches, no log of writes, nothing packed. */
const YESTERDAY = {
  id: "system",
  schema: 1,
  version: 3,
  writeId: `3-${WRITE_ID}`,
  createdAt: "2026-11-22T00:00:00.000Z",
  updatedAt: "2026-11-22T00:02:00.000Z",
  updatedBy: "ann",
  settings: { order: ["groq"], providers: { wandb: { enabled: false } }, agents: { "a\u202eb": { provider: "groq" } } },
  history: [
    {
      version: 3,
      writeId: `3-${WRITE_ID}`,
      at: "2026-11-22T00:02:00.000Z",
      by: "ann",
      reason: null,
      undo: { order: null, agents: { "a\u202eb": null } },
    },
    {
      version: 2,
      writeId: `2-${WRITE_ID}`,
      at: "2026-11-22T00:01:00.000Z",
      by: null,
      reason: "why",
      undo: { providers: { wandb: null } },
    },
  ],
};

/** Possible additions of a later minor version: fields at every level, also with `null` values, and an agent without known fields. */
const BUDGETS = {
  daily: { limit: null, tags: [null, ":x"] },
  deep: { a: { b: { c: { d: { e: { f: { g: {} } } } } } } },
};
const TOMORROW = {
  ...YESTERDAY,
  minor: 4,
  origin: { region: null },
  settings: {
    order: ["groq"],
    providers: { wandb: { enabled: false, tier: "gold", weight: null } },
    agents: { a: { provider: "groq", budget: { usd: 5, until: null } }, b: { tuned: null }, c: { models: {}, x: [1] } },
    budgets: BUDGETS,
    experiments: null,
  },
  history: [
    { ...YESTERDAY.history[0], ticket: "T-1", undo: { order: null }, proof: { by: null } },
    { ...YESTERDAY.history[1], undo: { providers: { wandb: { enabled: null, weight: 2 } }, budgets: null } },
  ],
};

describe("a record of the previous version", () => {
  test("is read, changed and rolled back", async () => {
    const { store, stored } = await open(YESTERDAY);
    expect((await store.get()).value).toEqual(YESTERDAY.settings);
    expect((await store.history()).map(({ version, settings }) => [version, settings])).toEqual([
      [3, YESTERDAY.settings],
      [2, { order: null, providers: { wandb: { enabled: false } }, agents: {} }],
    ]);
    expect(await store.reconcile(`2-${WRITE_ID}`)).toEqual({ committed: true, version: 3 });
    await expect(store.reconcile(`1-${WRITE_ID}`)).rejects.toMatchObject({ code: "write_unknown" });
    await store.update({ agents: { "a\u202eb": null } });
    expect((await store.get()).value.agents).toEqual({});
    expect((await store.rollback(1)).snapshot.value).toEqual({ order: null, providers: {}, agents: {} });
    expect(stored().history).toHaveLength(4);
    expect((await store.rollback(3)).snapshot.value).toEqual(YESTERDAY.settings);
  });
});

describe("a record with fields of a later version", () => {
  test("is read unchanged", async () => {
    const { store } = await open(TOMORROW);
    expect((await store.get()).value).toEqual(TOMORROW.settings);
    expect(store.status().state).toBe("ready");
    const [last, first] = await store.history();
    expect(last).toMatchObject({ version: 3, ticket: "T-1", settings: TOMORROW.settings });
    expect(first?.settings).toEqual({ ...TOMORROW.settings, order: null });
  });

  test("keeps them at every level after an update", async () => {
    const { store, stored } = await open(TOMORROW);
    await store.update({
      order: ["wandb"],
      providers: { wandb: { enabled: null, model: "m" } },
      agents: { a: { provider: null, models: { groq: "g" } }, c: { models: null, provider: "groq" } },
    });
    expect(stored()).toMatchObject({ minor: 4, origin: { region: null }, version: 4 });
    expect(stored().settings).toEqual({
      ...TOMORROW.settings,
      order: ["wandb"],
      providers: { wandb: { model: "m", tier: "gold", weight: null } },
      agents: {
        a: { models: { groq: "g" }, budget: { usd: 5, until: null } },
        b: { tuned: null },
        c: { provider: "groq", x: [1] },
      },
    });
    expect(stored().history.slice(1)).toEqual(TOMORROW.history);
  });

  test.each<[string, object]>([
    ["an agent", { agents: { a: null, b: null } }],
    ["a provider", { providers: { wandb: null } }],
    ["everything", { order: null, providers: null, agents: null }],
  ])("restores them when the removal of %s is rolled back", async (_, patch) => {
    const { store, stored } = await open(TOMORROW);
    await store.update(patch);
    expect(stored().settings).not.toEqual(TOMORROW.settings);
    await store.rollback(3);
    expect(stored().settings).toEqual(TOMORROW.settings);
    expect(stored().history.slice(2)).toEqual(TOMORROW.history);
    expect((await store.history()).map(({ version }) => version)).toEqual([5, 4, 3, 2]);
  });

  test("restores them in a rollback and in a rollback of that", async () => {
    const { store, stored } = await open(TOMORROW);
    await store.rollback(1);
    const { budgets: _, ...before } = TOMORROW.settings;
    expect(stored().settings).toEqual({
      ...before,
      order: null,
      providers: { wandb: { tier: "gold", weight: 2 } },
    });
    await store.rollback(3);
    expect(stored().settings).toEqual(TOMORROW.settings);
  });

  test.each([
    ['{"quotas":null}', "quotas"],
    ['{"providers":{"wandb":{"tier":"gold"}}}', "providers.wandb.tier"],
    ['{"agents":{"b":{"tuned":null}}}', "agents.b.tuned"],
  ])("rejects such a field from a caller: %s", async (text, path) => {
    const { store } = await open(TOMORROW);
    const patch: SettingsPatch = JSON.parse(text);
    await expect(store.update(patch)).rejects.toMatchObject({ code: "invalid", path });
    await expect(store.update(() => patch)).rejects.toMatchObject({ code: "invalid", path });
    expect((await store.get({ fresh: true })).version).toBe(3);
  });

  test.each([1, 1.4])("may have a minor schema version, which is kept: %d", async (schema) => {
    const { store, stored } = await open({ ...TOMORROW, schema });
    await store.update({ order: null });
    expect(stored()).toMatchObject({ schema, version: 4 });
  });

  test.each([2, 2.1, 7])("is too new with a higher major version: %d", async (schema) => {
    await expect(open({ ...TOMORROW, schema })).rejects.toMatchObject({ code: "schema_too_new" });
  });

  test.each<[string, object]>([
    ["no schema", { schema: 0 }],
    ["a known field of another shape", { settings: { providers: { wandb: { enabled: "on" } } } }],
    ["an agent with both forms", { settings: { agents: { a: { provider: "groq", models: {}, x: 1 } } } }],
    ["an agent without anything", { settings: { agents: { a: {} } } }],
    ["an invalid log", { writes: { from: 1, ids: "odd" } }],
    ["packed rows that are none", { packed: ["x"] }],
  ])("is corrupt with %s", async (_, change) => {
    await expect(open({ ...TOMORROW, ...change })).rejects.toMatchObject({ code: "corrupt" });
  });
});
