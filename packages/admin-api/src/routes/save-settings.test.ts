import { describe, expect, test, vi } from "vitest";
import type { SavedData } from "../contract.ts";
import { startAdmin } from "../test-support/start-admin.ts";

const settings = (providers: object, order: readonly string[] | null = null) => ({ order, providers, agents: {} });

describe("the older body", () => {
  test("changes the given fields and keeps the others", async () => {
    const { call, settings: store } = startAdmin();
    await call("PUT", "", { wandbModel: "wandb/other" });
    const { status, reply } = await call<SavedData>("PUT", "", { wandbEnabled: false });
    expect(status).toBe(200);
    expect(reply).toMatchObject({
      success: true,
      data: { wandbModel: "wandb/other", wandbEnabled: false },
      message: "AI model configuration updated successfully",
    });
    expect(store.peek().value.providers).toEqual({ wandb: { model: "wandb/other", enabled: false } });
    await call("PUT", "", { wandbModel: null });
    expect(store.peek().value.providers).toEqual({ wandb: { enabled: false } });
  });

  test("cannot enable a provider without a key", async () => {
    const { status, reply } = await startAdmin({ env: { GROQ_API_KEY: "x" } }).call("PUT", "", { wandbEnabled: true });
    expect(status).toBe(400);
    expect(reply).toMatchObject({
      error: "Cannot enable wandb without WANDB_API_KEY environment variable",
      code: "missing_key",
    });
  });
});

describe("a patch", () => {
  test("is stored in the history with actor and reason", async () => {
    const { data, settings: store } = startAdmin();
    const saved = await data<SavedData>("PUT", "", { patch: { order: ["groq"] }, reason: "W&B is slow" });
    expect(saved).toMatchObject({ version: 1, updatedBy: "ana", activeProvider: "groq", warnings: [] });
    expect((await store.history())[0]).toMatchObject({ by: "ana", reason: "W&B is slow", patch: { order: ["groq"] } });
  });

  test("changes budgets, which a page of an earlier version keeps, and which are validated", async () => {
    const { call, data, settings: store } = startAdmin();
    const budgets = [{ id: "day", scope: { tenant: "*" }, per: "day", limitUsd: 5 }];
    await data("PUT", "", { patch: { budgets } });
    expect(store.peek().value.budgets).toEqual(budgets);
    await data("PUT", "", { settings: settings({}, ["groq"]), expectedVersion: 1 });
    expect(store.peek().value).toMatchObject({ order: ["groq"], budgets });
    await data("PUT", "", { settings: { ...settings({}), budgets: [] }, expectedVersion: 2 });
    expect(store.peek().value.budgets).toEqual([]);
    await data("POST", "/rollback", { version: 2 });
    expect(store.peek().value.budgets).toEqual(budgets);

    const wrong = [{ ...budgets[0], limitUsd: -5 }];
    for (const [body, path] of [
      [{ patch: { budgets: wrong } }, "patch.budgets.0.limitUsd"],
      [{ settings: { ...settings({}), budgets: wrong }, expectedVersion: 4 }, "settings.budgets.0.limitUsd"],
    ] as const) {
      const { reply } = await call("PUT", "", body);
      expect(reply).toMatchObject({ code: "invalid_body", issues: [{ path }] });
    }
  });

  test("is rejected with 409 and the current settings if there is a newer version", async () => {
    const { call, data } = startAdmin();
    await data("PUT", "", { patch: { order: ["groq"] } });
    const { status, reply } = await call("PUT", "", { patch: { order: ["wandb"] }, expectedVersion: 0 });
    expect(status).toBe(409);
    expect(reply).toMatchObject({
      success: false,
      code: "conflict",
      current: { version: 1, updatedBy: "ana", settings: { order: ["groq"] } },
    });
  });

  test("without an expected version is applied although many others save at the same time", async () => {
    const { data, settings: store } = startAdmin();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        data("PUT", "", { patch: { agents: { [`a${at}`]: { provider: "groq" } } } }),
      ),
    );
    expect(Object.keys(store.peek().value.agents)).toHaveLength(20);
    expect(store.peek().version).toBe(20);
  });

  test("is planned once, for its checks and the reply", async () => {
    const started = startAdmin();
    const plan = vi.spyOn(started.llm, "plan");
    expect(await started.data("PUT", "", { patch: { order: ["groq"] } })).toMatchObject({ activeProvider: "groq" });
    expect(plan).toHaveBeenCalledTimes(1);
  });

  test("is an error with a store that does not call the function", async () => {
    const { call, settings: store, logged } = startAdmin();
    vi.spyOn(store, "update").mockResolvedValue({ snapshot: store.peek() });
    expect(await call("PUT", "", { patch: { order: ["groq"] } })).toMatchObject({ status: 500 });
    expect(logged[0]?.fields?.error).toContain("without calling its function");
  });
});

test("complete settings replace all, and require the version", async () => {
  const {
    call,
    data,
    settings: store,
  } = startAdmin({
    initial: {
      order: ["groq"],
      providers: { wandb: { model: "m", enabled: true } },
      agents: { a: { provider: "groq" } },
    },
  });
  await data("PUT", "", { settings: settings({ groq: { model: "groq/other" } }), expectedVersion: 0 });
  expect(store.peek().value).toEqual(settings({ groq: { model: "groq/other" } }));
  expect((await call("PUT", "", { settings: settings({}) })).status).toBe(400);
});

describe("a harmful change is rejected unless it is forced", () => {
  test.each([
    ["an unknown provider", { patch: { providers: { unknown: { enabled: false } } } }, "unknown_provider"],
    ["an unknown provider in the order", { patch: { order: ["unknown"] } }, "unknown_provider"],
    ["an unknown provider of an agent", { patch: { agents: { a: { provider: "unknown" } } } }, "unknown_provider"],
    [
      "no provider left",
      { patch: { providers: { wandb: { enabled: false }, groq: { enabled: false } } } },
      "no_provider_left",
    ],
  ])("%s", async (_, body, code) => {
    const { call, settings: store } = startAdmin();
    const refused = await call("PUT", "", body);
    expect(refused.status).toBe(422);
    expect(refused.reply).toMatchObject({ success: false, code });
    expect(store.peek().version).toBe(0);
    expect((await call("PUT", "", { ...body, force: true })).status).toBe(200);
  });

  test("without any key no change is harmful", async () => {
    const { call } = startAdmin({ env: {} });
    expect((await call("PUT", "", { patch: { providers: { wandb: { enabled: false } } } })).status).toBe(200);
  });
});

describe("a doubtful model is saved with a warning", () => {
  test.each([
    ["unknown", "wandb-artifact:///team/project/name:v1", 'wandb: "wandb-artifact:///team/project/name:v1" is not in'],
    ["retired", "wandb-old", 'wandb: model "wandb-old" is retired as of 2026-08-16; use "wandb-model"'],
  ])("%s", async (_, model, warning) => {
    const { data } = startAdmin();
    const saved = await data<SavedData>("PUT", "", { patch: { providers: { wandb: { model } } } });
    expect(saved.settings.providers.wandb?.model).toBe(model);
    expect(saved.warnings[0]).toContain(warning);
  });

  test("a known model is saved without a warning", async () => {
    const saved = await startAdmin().data<SavedData>("PUT", "", { wandbModel: "wandb/other" });
    expect(saved.warnings).toEqual([]);
  });
});

test("an unavailable store is a 503", async () => {
  const { call, settings: store } = startAdmin();
  store.fail = Object.assign(new Error("redis://user:secret@host is gone"), { code: "unavailable" });
  for (const [method, body] of [["GET"], ["PUT", { wandbModel: "x" }]] as const) {
    const { status, reply } = await call(method, "", body);
    expect(status).toBe(503);
    expect(reply).toMatchObject({ code: "settings_unavailable", error: "the settings cannot be reached" });
  }
});
