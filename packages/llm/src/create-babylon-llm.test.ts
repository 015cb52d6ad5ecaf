import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLLMError, systemClock } from "@babylon/llm-core";
import { fixedPricer, mockProvider, type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { createMetrics } from "@babylon/telemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBabylonLLM } from "./create-babylon-llm.ts";

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

describe("settings", () => {
  it("a fixed value has no version and may be partial", async () => {
    await using llm = await createBabylonLLM({ env: { ...simulator.env }, settings: { order: ["claude"] } });
    const result = await llm.generateText({ prompt: "x" });
    expect([result.provider, result.settingsVersion]).toEqual(["claude", null]);
    expect((await llm.settings.get()).value).toEqual({ order: ["claude"], providers: {}, agents: {} });
  });

  it("changes of a caller's store apply to the next call; it is not closed with the client", async () => {
    const settings = await createSettingsStore({ url: "memory://" });
    const llm = await createBabylonLLM({ env: { ...simulator.env }, settings });
    expect((await llm.generateText({ prompt: "x" })).provider).toBe("wandb");
    await settings.update(
      {
        providers: { wandb: { enabled: false }, groq: { model: "openai/gpt-oss-20b" } },
        agents: { mayor: { provider: "openai" } },
      },
      { actor: "test" },
    );
    const next = await llm.generateText({ prompt: "x" });
    expect([next.provider, next.model, next.settingsVersion]).toEqual(["groq", "openai/gpt-oss-20b", 1]);
    expect((await llm.generateText({ prompt: "x", agent: "mayor" })).provider).toBe("openai");
    await llm.close();
    expect((await settings.get({ fresh: true })).version).toBe(1);
    await settings.close();
  });

  it("the default store is the SQLite file of the variable; it is closed with the client", async () => {
    const folder = mkdtempSync(join(tmpdir(), "babylon-llm-"));
    try {
      const env = { ...simulator.env, BABYLON_SETTINGS_URL: `sqlite://${join(folder, "settings.db")}` };
      const llm = await createBabylonLLM({ env });
      await llm.settings.update({ order: ["openai"] }, { actor: "test" });
      expect((await llm.generateText({ prompt: "x" })).provider).toBe("openai");
      await llm.close();
      await expect(llm.settings.get()).rejects.toMatchObject({ code: "closed" });

      const again = await createBabylonLLM({ env });
      expect((await again.plan()).links[0]?.provider).toBe("openai");
      await again.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("keys", () => {
  it("without any key the first call lists the four variables, before any request", async () => {
    await using llm = await createBabylonLLM({ env: {}, settings: {} });
    const error = await llm.generateText({ prompt: "x" }).catch((thrown: unknown) => thrown);
    if (!isLLMError(error, "no_provider")) throw error;
    expect(error.skipped).toEqual([
      { provider: "wandb", reason: "no key: set WANDB_API_KEY" },
      { provider: "groq", reason: "no key: set GROQ_API_KEY" },
      { provider: "claude", reason: "no key: set ANTHROPIC_API_KEY" },
      { provider: "openai", reason: "no key: set OPENAI_API_KEY" },
    ]);
    for (const { reason } of error.skipped) expect(error.message).toContain(reason);
  });

  it("a rejected key is skipped and reported, without its value", async () => {
    const wrong = "wrong-key-4f1c2d";
    await using llm = await createBabylonLLM({ env: { ...simulator.env, WANDB_API_KEY: wrong }, settings: {} });
    const result = await llm.generateText({ prompt: "x" });
    expect(result.attempts.map(({ provider, error }) => [provider, error?.code])).toEqual([
      ["wandb", "auth"],
      ["groq", undefined],
    ]);
    expect(JSON.stringify([result, llm.health(), await llm.plan()])).not.toContain(wrong);
    // The key is tried once, not at every call.
    expect((await llm.generateText({ prompt: "y" })).attempts).toHaveLength(1);
    expect((await llm.plan()).skipped[0]).toMatchObject({
      provider: "wandb",
      reason: expect.stringMatching(/^open until .*auth/),
    });
  });

  it.each([
    ["WANDB_API_KEY", "two\nlines"],
    ["GROQ_BASE_URL", "not a url"],
    ["OPENAI_BASE_URL", "http://models.example.com/v1"],
  ])("%s that cannot be right is invalid_input with that path, before any request", async (name, value) => {
    await using llm = await createBabylonLLM({ env: { ...simulator.env, [name]: value }, settings: {} });
    const error = await llm.generateText({ prompt: "x" }).catch((thrown: unknown) => thrown);
    if (!isLLMError(error, "invalid_input")) throw error;
    expect(error.path).toBe(name);
    expect(JSON.stringify(error)).not.toContain(value);
    expect(simulator.requests).toEqual([]);
  });
});

describe("metrics", () => {
  const settings = { order: ["groq"] };

  it("are created from their options, and count every call", async () => {
    const recorded: string[] = [];
    const recorders = [({ callId }: { callId: string }) => void recorded.push(callId)];
    const llm = await createBabylonLLM({ env: simulator.env, settings, metrics: { agents: ["chat"] }, recorders });
    await llm.generateText({ prompt: "x", agent: "chat", callId: "c1" });
    await llm.close();
    expect(recorded).toEqual(["c1"]);
    expect(llm.metrics?.snapshot().attempts).toMatchObject([{ provider: "groq", agent: "chat" }]);
  });

  it("may be the caller's own", async () => {
    const metrics = createMetrics();
    const llm = await createBabylonLLM({ env: simulator.env, settings, metrics });
    await llm.generateText({ prompt: "x" });
    await llm.close();
    expect(llm.metrics).toBe(metrics);
    expect(metrics.snapshot().calls).toMatchObject([{ outcome: "success", count: 1 }]);
  });

  it("are none unless they are asked for, and their options are checked", async () => {
    await using llm = await createBabylonLLM({ env: simulator.env, settings });
    expect(llm.metrics).toBeNull();
    const wrong = createBabylonLLM({ env: simulator.env, settings, metrics: { maxSeries: 1 } });
    await expect(wrong).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("prices", () => {
  it("the first call is priced by the list; so is a fallback, whose refused attempt costs nothing", async () => {
    simulator.setFault("wandb", { kind: "status", status: 402 });
    await using llm = await createBabylonLLM({ env: { ...simulator.env }, settings: {} });
    const { cost, attempts } = await llm.generateText({ prompt: "x" });
    expect(attempts.map(({ provider, cost }) => [provider, cost?.nanoUsd])).toEqual([
      ["wandb", 0],
      ["groq", expect.any(Number)],
    ]);
    expect(cost?.nanoUsd).toBeGreaterThan(0);
    expect(cost).toMatchObject({ nanoUsd: attempts[1]?.cost?.nanoUsd, source: "list" });
  });

  it("every provider's default model has a price", async () => {
    await using llm = await createBabylonLLM({ env: { ...simulator.env }, settings: {} });
    for (const provider of ["wandb", "groq", "claude", "openai"]) {
      for (const transport of ["json", "stream"] as const) {
        const { cost } = await llm.generateText({ prompt: "x", provider, transport });
        expect(cost?.nanoUsd, `${provider} ${transport}`).toBeGreaterThan(0);
      }
    }
  });

  it("a pricer of the caller replaces the list, and false turns prices off", async () => {
    const env = { ...simulator.env };
    await using own = await createBabylonLLM({ env, settings: {}, pricer: fixedPricer(7) });
    expect((await own.generateText({ prompt: "x" })).cost?.nanoUsd).toBe(7);
    await using off = await createBabylonLLM({ env, settings: {}, pricer: false });
    expect((await off.generateText({ prompt: "x" })).cost).toBeNull();
  });

  it("logs an old price list, and a model without a price once", async () => {
    const lines: (readonly [message: string, fields: unknown])[] = [];
    const log = (message: string, fields?: unknown): void => void lines.push([message, fields]);
    const logger = { debug: () => {}, info: log, warn: log, error: log };
    const clock = { ...systemClock, now: () => Date.parse("2036-01-01") };
    const providers = [mockProvider({ id: "local" })];
    await using llm = await createBabylonLLM({ env: {}, settings: {}, logger, clock, providers });
    expect((await llm.generateText({ prompt: "x" })).cost?.nanoUsd).toBeNull();
    await llm.generateText({ prompt: "x" });
    const ofPrices = lines.filter(([message]) => /price|cost/.test(message));
    expect(ofPrices).toEqual([
      [expect.stringMatching(/^the price list was checked on \d{4}-\d{2}-\d{2}, more than 45 days ago/), undefined],
      ["the cost of an attempt is not known", expect.objectContaining({ reason: "no-price", provider: "local" })],
    ]);
  });
});
