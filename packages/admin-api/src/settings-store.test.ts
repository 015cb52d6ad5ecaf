import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { afterEach, expect, test } from "vitest";
import { authorizeBearer } from "./authorize-bearer.ts";
import type { AdminData, AdminReply, HistoryData, SavedData } from "./contract.ts";
import { createAdminHandler } from "./create-admin-handler.ts";

const TOKEN = "a-token-for-tests-0001";
const stores: SettingsStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** The handler over a real settings store. */
async function start() {
  const settings = await createSettingsStore({ url: "memory://" });
  stores.push(settings);
  const llm = createLLMClient({ providers: [mockProvider({ id: "wandb" }), mockProvider({ id: "groq" })], settings });
  const handler = createAdminHandler({ llm, settings, authorize: authorizeBearer({ ana: TOKEN }) });
  return async <T>(method: string, below = "", body?: unknown): Promise<AdminReply<T>> => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await handler(new Request(`http://admin.test/api/admin/ai-models${below}`, init))).json();
  };
}

test("a store's changes, conflicts, history and undo, from the first version on", async () => {
  const call = await start();
  expect(await call<AdminData>("GET")).toMatchObject({ data: { version: 0, updatedBy: null } });

  const saved = await call<SavedData>("PUT", "", { patch: { order: ["groq"] }, expectedVersion: 0, reason: "outage" });
  expect(saved).toMatchObject({ data: { version: 1, updatedBy: "ana", activeProvider: "groq" } });
  expect(await call("PUT", "", { patch: { order: null }, expectedVersion: 0 })).toMatchObject({
    code: "conflict",
    current: { version: 1, settings: { order: ["groq"] }, updatedBy: "ana" },
  });

  expect(await call<HistoryData>("GET", "/history")).toMatchObject({
    data: { entries: [{ version: 1, by: "ana", reason: "outage", patch: { order: ["groq"] } }] },
  });
  expect(await call<SavedData>("POST", "/rollback", { version: 0, expectedVersion: 1 })).toMatchObject({
    data: { version: 2, settings: { order: null }, activeProvider: "wandb" },
  });
});

test("an agent moves from one form of override to the other, and whole settings replace all", async () => {
  const call = await start();
  await call("PUT", "", { patch: { agents: { a: { provider: "groq", model: "m" } } } });
  const moved = { provider: null, model: null, models: { wandb: "x" } };
  expect(await call<SavedData>("PUT", "", { patch: { agents: { a: moved } } })).toMatchObject({
    data: { settings: { agents: { a: { models: { wandb: "x" } } } } },
  });
  const settings = { order: null, providers: { groq: { model: "y" } }, agents: {} };
  const replaced = await call<SavedData>("PUT", "", { settings, expectedVersion: 2 });
  expect(replaced.success && replaced.data.settings).toEqual(settings);
});

test("a change that changes nothing is no new version", async () => {
  const call = await start();
  await call("PUT", "", { wandbModel: "m" });
  expect(await call<SavedData>("PUT", "", { wandbModel: "m" })).toMatchObject({ success: true, data: { version: 1 } });
});
