import { isLLMError, type Logger } from "@babylon/llm-core";
import { fixedCost, fixedPricer, type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { createSettingsStore, type SettingsStore } from "@babylon/settings-store";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BabylonLLMClient } from "./babylon-llm-client.ts";

let simulator: ProviderSimulator;
let settings: SettingsStore;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
beforeEach(async () => {
  simulator.reset();
  simulator.clearFaults();
  settings = await createSettingsStore({ url: "memory://" });
});
afterAll(() => simulator.close());

const client = (override?: string, force?: string, logger?: Logger) =>
  new BabylonLLMClient(undefined, override, force, { env: { ...simulator.env }, settings, logger });

describe("provider selection", () => {
  it.each([
    [undefined, undefined, "wandb", "meta-llama/Llama-3.3-70B-Instruct"],
    ["openai/gpt-oss-120b", undefined, "wandb", "openai/gpt-oss-120b"],
    [undefined, "groq", "groq", undefined],
    [undefined, "claude", "claude", undefined],
    [undefined, "openai", "openai", undefined],
    [undefined, "wandb", "wandb", "meta-llama/Llama-3.3-70B-Instruct"],
  ])("override %s, forced %s: %s", async (override, force, provider, wandbModel) => {
    const llm = client(override, force);
    expect(llm.getProvider()).toBe(provider);
    expect(llm.getWandbModel()).toBe(wandbModel);
    await llm.generateJSON("A decision, please.", { required: ["action"], properties: { action: { type: "string" } } });
    expect(simulator.requests.map((request) => request.provider)).toEqual([provider]);
    await llm.close();
  });

  it("a forced provider that fails is an error, not another provider", async () => {
    simulator.setFault("groq", { kind: "status", status: 401 });
    const llm = client(undefined, "groq");
    await expect(llm.generateJSON("x")).rejects.toMatchObject({ code: "auth", provider: "groq" });
    expect(simulator.requests.map(({ provider }) => provider)).toEqual(["groq"]);
  });

  it("an unknown provider fails the constructor", () => {
    expect(() => client(undefined, "bedrock")).toThrow(/forceProvider: expected one of wandb, groq, claude, openai/);
  });

  it("a key of the constructor is the key of OpenAI", async () => {
    const { OPENAI_API_KEY, OPENAI_BASE_URL } = simulator.env;
    const llm = new BabylonLLMClient(OPENAI_API_KEY, undefined, undefined, { env: { OPENAI_BASE_URL }, settings });
    expect(llm.getProvider()).toBe("openai");
    expect(Object.keys(await llm.generateJSON("x", { required: ["name"] }))).toContain("name");
  });
});

describe("generateJSON", () => {
  it("falls back in one call, and returns only data", async () => {
    simulator.setFault("wandb", { kind: "status", status: 402 });
    const llm = client();
    const data = await llm.generateJSON("x", { required: ["title"], properties: { title: { type: "string" } } });
    expect(data).toEqual({ title: expect.any(String) });
    expect(simulator.requests.map(({ provider }) => provider)).toEqual(["wandb", "groq"]);
    const stats = llm.getStats();
    expect(stats).toMatchObject({ calls: 1, attempts: 2, failedCalls: 0 });
    // The first attempt was refused, and the second was priced by Groq's list.
    expect(stats.totalCost).toBeGreaterThan(0);
    expect([stats.leastCost, stats.mostCost]).toEqual([stats.totalCost, stats.totalCost]);
  });

  it("sums tokens of all calls; the sum is null if an attempt has unknown usage", async () => {
    const llm = client();
    await llm.generateJSON("x", { required: ["a"] });
    await llm.generateJSON("y", { required: ["a"] });
    expect(llm.getStats()).toMatchObject({ provider: "wandb", calls: 2, attempts: 2, totalTokens: expect.any(Number) });
    simulator.setFault("wandb", { kind: "status", status: 402 });
    await llm.generateJSON("z", { required: ["a"] });
    const before = llm.getStats();
    expect(before).toMatchObject({ calls: 3, attempts: 4, totalTokens: null, unknownAttempts: 1 });
    expect(before.knownTokens).toBeGreaterThan(0);
  });

  it("sums costs with a pricer; an attempt without a price has bounds", async () => {
    const pricer = fixedPricer(({ provider }) => ({ ...fixedCost(2e9), nanoUsd: provider === "groq" ? null : 2e9 }));
    const priced = new BabylonLLMClient(undefined, undefined, undefined, {
      env: { ...simulator.env },
      settings,
      pricer,
    });
    expect(priced.getStats()).toMatchObject({ totalCost: 0, leastCost: 0, mostCost: 0 });
    await priced.generateJSON("x", { required: ["a"] });
    expect(priced.getStats()).toMatchObject({ totalCost: 2, leastCost: 2, mostCost: 2 });
    simulator.setFault("wandb", { kind: "status", status: 402 });
    await priced.generateJSON("y", { required: ["a"] });
    expect(priced.getStats()).toMatchObject({ totalCost: null, leastCost: 6, mostCost: 6 });
  });

  it("has no costs with pricer: false", async () => {
    const options = { env: { ...simulator.env }, settings, pricer: false } as const;
    const unpriced = new BabylonLLMClient(undefined, undefined, undefined, options);
    await unpriced.generateJSON("x", { required: ["a"] });
    expect(unpriced.getStats()).toMatchObject({ calls: 1, totalCost: null, leastCost: null, mostCost: null });
  });

  it("sends a model only to the provider that lists it", async () => {
    simulator.setFault("wandb", { kind: "status", status: 402 });
    const llm = client();
    await llm.generateJSON("x", { required: ["a"] }, { model: "openai/gpt-oss-20b", temperature: 0.3, maxTokens: 500 });
    expect(simulator.requests.map(({ provider, model }) => [provider, model])).toEqual([
      ["wandb", "openai/gpt-oss-20b"],
      ["groq", "openai/gpt-oss-20b"],
    ]);
    const warnings: string[] = [];
    const say = (message: string): void => void warnings.push(message);
    const nothing = (): void => {};
    const other = client(undefined, undefined, { debug: nothing, info: nothing, warn: say, error: nothing });
    simulator.reset();
    simulator.clearFaults();
    await other.generateJSON("x", { required: ["a"] }, { model: "unknown/model" });
    expect(simulator.requests[0]?.model).toBe("meta-llama/Llama-3.3-70B-Instruct");
    expect(warnings).toContain("no provider lists the requested model: each uses its own");
    await other.generateJSON("x", { required: ["a"] }, { model: "gpt-6-luna" });
    expect(simulator.requests[1]?.model).toBe("meta-llama/Llama-3.3-70B-Instruct");
    expect(warnings).toContain("wandb does not list the requested model: it uses its own");
  });
});

it("setWandbModel is stored: the next call of every client uses it", async () => {
  const writer = client();
  const reader = client();
  await writer.setWandbModel("meta-llama/Llama-3.1-8B-Instruct");
  await reader.generateJSON("x", { required: ["a"] });
  expect(simulator.requests[0]?.model).toBe("meta-llama/Llama-3.1-8B-Instruct");
  expect((await settings.get()).updatedBy).toBe("BabylonLLMClient");
});

it("without any key the first call lists the variables, and the constructor does not fail", async () => {
  const llm = new BabylonLLMClient(undefined, undefined, undefined, { env: {}, settings });
  expect(llm.getProvider()).toBeNull();
  const error = await llm.generateJSON("x").catch((thrown: unknown) => thrown);
  expect(isLLMError(error, "no_provider")).toBe(true);
  for (const name of ["WANDB_API_KEY", "GROQ_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_KEY"]) {
    expect(String(error)).toContain(name);
  }
  expect(String(error)).toContain("No API key found!");
  expect(String(error)).toContain("Example: export WANDB_API_KEY=your_key_here");
});
