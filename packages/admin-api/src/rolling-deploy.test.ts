import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { diffSettings } from "@babylon/settings-store/patch";
import { afterEach, describe, expect, test } from "vitest";
import { authorizeBearer } from "./authorize-bearer.ts";
import type { AdminData, AdminReply, HistoryData, SavedData, TestData } from "./contract.ts";
import { createAdminHandler } from "./create-admin-handler.ts";

const TOKEN = "a-token-for-tests-0001";
const stores: SettingsStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** Settings that a process of a later minor version has stored. */
const NEWER = {
  order: ["groq"],
  providers: { wandb: { enabled: true, tier: "gold" } },
  agents: { a: { provider: "groq", budget: { usd: null } }, b: { tuned: "x" }, "c\u202e": { provider: "groq" } },
  budgets: { daily: null },
};

const RECORD = {
  id: "system",
  schema: 1,
  version: 1,
  writeId: "1-0123456789abcdef01234567",
  createdAt: "2026-11-30T00:00:00.000Z",
  updatedAt: "2026-11-30T00:00:00.000Z",
  updatedBy: null,
  settings: NEWER,
  history: [],
};

async function start() {
  const keyv = new Map([["babylon.settings.system", JSON.stringify({ value: RECORD })]]);
  const settings = await createSettingsStore({ keyv });
  stores.push(settings);
  const providers = [mockProvider({ id: "wandb" }), mockProvider({ id: "groq" })];
  const llm = createLLMClient({ providers, settings });
  const handler = createAdminHandler({ llm, settings, authorize: authorizeBearer({ ana: TOKEN }) });
  async function call<T>(method: string, below = "", body?: unknown): Promise<AdminReply<T>> {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await handler(new Request(`http://admin.test/api/admin/ai-models${below}`, init))).json();
  }
  return { call, stored: async () => (await settings.get({ fresh: true })).value };
}

describe("with settings of a later version", () => {
  test("the page is served, changed and rolled back without losing their fields", async () => {
    const { call, stored } = await start();
    const page = await call<AdminData>("GET");
    expect(page).toMatchObject({ success: true, data: { version: 1, settings: NEWER } });
    const patch = { order: null, agents: { a: { model: "m" } } };
    expect(await call<SavedData>("PUT", "", { patch })).toMatchObject({ success: true, data: { version: 2 } });
    expect(await stored()).toEqual({
      ...NEWER,
      order: null,
      agents: { ...NEWER.agents, a: { provider: "groq", model: "m", budget: { usd: null } } },
    });
    expect(await call("PUT", "", { wandbModel: "w" })).toMatchObject({ success: true });
    expect(await call<SavedData>("POST", "/rollback", { version: 1, force: true })).toMatchObject({
      code: "unknown_version",
    });
    expect(await call<SavedData>("POST", "/rollback", { version: 2 })).toMatchObject({ success: true });
    expect(await stored()).toMatchObject({ budgets: { daily: null }, providers: NEWER.providers });
    expect(await call<HistoryData>("GET", "/history")).toMatchObject({ data: { entries: { length: 3 } } });
  });

  test("complete settings may contain or omit their fields, and are saved without changing them", async () => {
    const { call, stored } = await start();
    const echoed = { ...NEWER, order: ["wandb"] };
    expect(await call("PUT", "", { settings: echoed, expectedVersion: 1 })).toMatchObject({ success: true });
    expect(await stored()).toEqual(echoed);
    const { budgets: _, ...known } = { ...echoed, order: null, providers: { wandb: { enabled: false } } };
    expect(await call("PUT", "", { settings: known, expectedVersion: 2 })).toMatchObject({ success: true });
    expect(await stored()).toEqual({ ...NEWER, order: null, providers: { wandb: { enabled: false, tier: "gold" } } });
  });

  test.each<[path: string, change: object]>([
    ["settings.limits", { limits: null }],
    ["settings.providers.wandb.tier", { providers: { wandb: { tier: "none" } } }],
    ["settings.agents.a.budgte", { agents: { a: { provider: "groq", budgte: {} } } }],
  ])("an unknown field of the caller is rejected with its path: %s", async (path, change) => {
    const { call, stored } = await start();
    const settings = { ...NEWER, ...change };
    const refusal = { code: "invalid_body", issues: [{ path, message: "unknown field" }] };
    expect(await call("PUT", "", { settings, expectedVersion: 1 })).toMatchObject(refusal);
    expect(await call("POST", "/test", { settings })).toMatchObject(refusal);
    const patch = { providers: { wandb: { tier: null } } };
    expect(await call("PUT", "", { patch })).toMatchObject({ issues: [{ path: "patch.providers.wandb.tier" }] });
    expect(await stored()).toEqual(NEWER);
  });

  test("unsaved settings of the page are tested", async () => {
    const { call } = await start();
    const settings = { ...NEWER, order: ["wandb"] };
    expect(await call<TestData>("POST", "/test", { settings })).toMatchObject({ data: { provider: "wandb" } });
    expect(await call<TestData>("POST", "/test")).toMatchObject({ data: { provider: "groq" } });
  });

  test("a draft without their fields changes only known fields", () => {
    const draft = {
      order: null,
      providers: { wandb: { enabled: false } },
      agents: { a: { models: { wandb: "m" } }, d: { provider: "wandb" } },
    };
    expect(diffSettings(NEWER as typeof draft & typeof NEWER, draft)).toEqual({
      order: null,
      providers: { wandb: { enabled: false } },
      agents: {
        a: { provider: null, models: { wandb: "m" } },
        b: null,
        "c\u202e": null,
        d: { provider: "wandb" },
      },
    });
  });
});

test.each(["because\u202e", "be\u2028cause", "be\u200bcause"])(
  "a reason with invisible characters is rejected: %j",
  async (reason) => {
    const { call } = await start();
    expect(await call("PUT", "", { wandbModel: "m", reason })).toMatchObject({ issues: [{ path: "reason" }] });
  },
);
