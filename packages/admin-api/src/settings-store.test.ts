import { createLLMClient } from "@babylon/llm-core";
import { mockProvider } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore, type SettingsStoreOptions } from "@babylon/settings-store";
import { afterEach, expect, test } from "vitest";
import { authorizeBearer } from "./authorize-bearer.ts";
import type { AdminData, AdminReply, HistoryData, SavedData } from "./contract.ts";
import { createAdminHandler } from "./create-admin-handler.ts";

const TOKEN = "a-token-for-tests-0001";
const stores: SettingsStore[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

type Call = <T>(method: string, below?: string, body?: unknown) => Promise<AdminReply<T>>;

/** The handler with a real settings store. */
async function start(): Promise<Call> {
  return startProcess({ url: "memory://" });
}

/** One process that serves the admin routes. @param beforePlan - runs before each plan that the routes request */
async function startProcess(options: SettingsStoreOptions, beforePlan?: () => Promise<void>): Promise<Call> {
  const settings = await createSettingsStore(options);
  stores.push(settings);
  const client = createLLMClient({
    providers: [mockProvider({ id: "wandb" }), mockProvider({ id: "groq" })],
    settings,
  });
  const plan: typeof client.plan = async (given) => {
    await beforePlan?.();
    return client.plan(given);
  };
  const handler = createAdminHandler({
    llm: { ...client, plan },
    settings,
    authorize: authorizeBearer({ ana: TOKEN }),
  });
  return async <T>(method: string, below = "", body?: unknown): Promise<AdminReply<T>> => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return (await handler(new Request(`http://admin.test/api/admin/ai-models${below}`, init))).json();
  };
}

test("changes, conflicts, history and rollback of a store, from the first version on", async () => {
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

test("an agent changes from one form of override to the other, and complete settings replace all", async () => {
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

test("a change without an effect makes no new version", async () => {
  const call = await start();
  await call("PUT", "", { wandbModel: "m" });
  expect(await call<SavedData>("PUT", "", { wandbModel: "m" })).toMatchObject({ success: true, data: { version: 1 } });
});

test.each<[what: string, body: object, path: string]>([
  ["a patch", { patch: { agents: { a: { model: "x" } } } }, "agents.a"],
  ["complete settings", { settings: { agents: { a: { model: "x" } } }, expectedVersion: 0 }, "settings.agents.a"],
])("%s that would make an agent invalid is rejected", async (_, body, path) => {
  const call = await start();
  expect(await call("PUT", "", body)).toMatchObject({
    code: "invalid_body",
    error: expect.stringContaining(`${path}: set either provider`),
    issues: [{ path }],
  });
  expect(await call<AdminData>("GET")).toMatchObject({ data: { version: 0 } });
});

test("of two processes' changes that are harmful only together, the second is rejected", async () => {
  const keyv = new Map();
  const [one, other] = await Promise.all([startProcess({ keyv }), startProcess({ keyv })]);
  const off = (id: string) => ({ patch: { providers: { [id]: { enabled: false } } } });
  const replies = await Promise.all([one("PUT", "", off("wandb")), other("PUT", "", off("groq"))]);
  expect(replies.filter(({ success }) => success)).toHaveLength(1);
  expect(replies).toContainEqual(expect.objectContaining({ code: "no_provider_left" }));
});

test("a change is checked again after each change that another process stored during the check", async () => {
  const keyv = new Map();
  const other = await createSettingsStore({ keyv });
  stores.push(other);
  const agents = Array.from({ length: 9 }, (_, at) => `a${at}`);
  const left = [...agents];
  const call = await startProcess({ keyv }, async () => {
    const agent = left.pop();
    if (agent !== undefined) await other.update({ agents: { [agent]: { provider: "wandb" } } });
  });
  expect(await call<SavedData>("PUT", "", { patch: { order: ["groq"] } })).toMatchObject({
    data: { version: 10, settings: { order: ["groq"], agents: Object.fromEntries(agents.map((id) => [id, {}])) } },
  });
});

test("a change reads the store once", async () => {
  const call = await start();
  await call("PUT", "", { patch: { order: ["groq"] } });
  const reads = () => stores.at(-1)?.status().backendReads ?? 0;
  const before = reads();
  expect(await call("PUT", "", { patch: { order: null } })).toMatchObject({ success: true });
  expect(reads() - before).toBe(1);
});

test("the history can be limited to its latest entries", async () => {
  const call = await start();
  for (const id of ["groq", "wandb", "groq"]) await call("PUT", "", { patch: { order: [id] } });
  const versions = async (query: string) => {
    const reply = await call<HistoryData>("GET", `/history${query}`);
    return reply.success ? reply.data.entries.map(({ version }) => version) : reply.code;
  };
  expect(await Promise.all(["", "?limit=2", "?limit=100"].map(versions))).toEqual([
    [3, 2, 1],
    [3, 2],
    [3, 2, 1],
  ]);
  for (const limit of ["0", "-1", "1.5", "x", "", "1e3"]) {
    expect(await versions(`?limit=${limit}`)).toBe("invalid_query");
  }
});
