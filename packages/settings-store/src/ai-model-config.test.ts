import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAIModelConfig } from "./ai-model-config.ts";
import { createSettingsStore } from "./create-settings-store.ts";
import type { SettingsPatch } from "./schema/settings-patch.ts";
import type { SettingsStore } from "./settings-store.ts";
import { createGatedAdapter, type GatedAdapter } from "./test-support/gated-adapter.ts";

const KEYS = { WANDB_API_KEY: "k", WANDB_MODEL: "env/model" };
const wandb = (settings: { model?: string; enabled?: boolean }): SettingsPatch => ({ providers: { wandb: settings } });

const CASES: readonly [what: string, stored: SettingsPatch, env: object, config: object, model: string | undefined][] =
  [
    ["no keys and no settings", {}, {}, { wandbModel: null, wandbEnabled: false }, undefined],
    ["only a key", {}, { WANDB_API_KEY: "k" }, { wandbModel: null, wandbEnabled: true }, undefined],
    ["a key and a model in the environment", {}, KEYS, { wandbModel: "env/model", wandbEnabled: true }, "env/model"],
    ["a stored model", wandb({ model: "m" }), KEYS, { wandbModel: "m", wandbEnabled: true }, "m"],
    ["disabled", wandb({ enabled: false }), KEYS, { wandbModel: "env/model", wandbEnabled: false }, undefined],
    [
      "disabled with a model",
      wandb({ model: "m", enabled: false }),
      KEYS,
      { wandbModel: "m", wandbEnabled: false },
      undefined,
    ],
    ["enabled without a key", wandb({ model: "m", enabled: true }), {}, { wandbModel: "m", wandbEnabled: true }, "m"],
    ["a blank variable", {}, { WANDB_MODEL: "  " }, { wandbModel: null, wandbEnabled: false }, undefined],
  ];

describe("the functions of the older system", () => {
  let adapter: GatedAdapter;
  let store: SettingsStore;

  beforeEach(async () => {
    adapter = createGatedAdapter();
    store = await createSettingsStore({ keyv: adapter, pollMs: 60_000 });
  });

  afterEach(() => store.close());

  test.each(CASES)("%s", async (_, stored, env, config, model) => {
    await store.update(stored);
    const functions = createAIModelConfig(store, { ...env });
    expect(await functions.getAIModelConfig()).toEqual(config);
    expect(await functions.getWandbModel()).toBe(model);
  });

  test("switching off and on keeps the model and never writes the environment", async () => {
    const env = Object.freeze({ WANDB_API_KEY: "k" });
    const { getWandbModel } = createAIModelConfig(store, env);
    await store.update(wandb({ model: "m", enabled: true }));
    expect(await getWandbModel()).toBe("m");
    await store.update(wandb({ enabled: false }));
    expect(await getWandbModel()).toBeUndefined();
    await store.update(wandb({ enabled: true }));
    expect(await getWandbModel()).toBe("m");
  });

  test("the environment is read at each call", async () => {
    const env: Record<string, string> = { WANDB_API_KEY: "k" };
    const { getWandbModel } = createAIModelConfig(store, env);
    expect(await getWandbModel()).toBeUndefined();
    env.WANDB_MODEL = "later";
    expect(await getWandbModel()).toBe("later");
  });

  test("clearing causes one load, and a load that started earlier does not restore the old value", async () => {
    const { getWandbModel, clearAIModelConfigCache } = createAIModelConfig(store, { WANDB_API_KEY: "k" });
    await store.update(wandb({ model: "old" }));
    store.invalidate();
    const release = adapter.holdNextRead();
    const slow = getWandbModel();
    const other = await createSettingsStore({ keyv: createGatedAdapter(adapter.data) });
    await other.update(wandb({ model: "new" }));
    await other.close();
    const reads = adapter.reads();
    clearAIModelConfigCache();
    release();
    expect(await slow).toBe("new");
    expect(await Promise.all(Array.from({ length: 20 }, getWandbModel))).toEqual(Array(20).fill("new"));
    expect(adapter.reads() - reads).toBe(1);
  });

  test("they return the last known model while the database fails, and reject when nothing was loaded yet", async () => {
    const { getWandbModel, getAIModelConfig } = createAIModelConfig(store, KEYS);
    await store.update(wandb({ model: "m", enabled: false }));
    store.invalidate();
    adapter.failWith(new Error("database is down"));
    expect(await getAIModelConfig()).toEqual({ wandbModel: "m", wandbEnabled: false });
    expect(await getWandbModel()).toBeUndefined();
    const cold = await createSettingsStore({ keyv: adapter, startup: "lazy" });
    await expect(createAIModelConfig(cold, KEYS).getWandbModel()).rejects.toMatchObject({ code: "unavailable" });
    await cold.close();
  });
});
