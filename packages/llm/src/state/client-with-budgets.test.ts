import { isLLMError } from "@babylon/llm-core";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { createSettingsStore } from "@babylon/settings-store";
import { openSharedState } from "@babylon/shared-state";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BabylonLLMOptions, createBabylonLLM } from "../create-babylon-llm.ts";

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
beforeEach(() => {
  simulator.reset();
  simulator.clearFaults();
});
afterAll(() => simulator.close());

const open = <S extends object>(options: S & BabylonLLMOptions) =>
  createBabylonLLM({ env: { ...simulator.env }, settings: {}, ...options });

const MONTH = { id: "month", scope: "all", per: "month", limitUsd: 1 } as const;

describe("budgets", () => {
  it("count what calls cost, and are closed with the client", async () => {
    await using llm = await open({ budgets: [MONTH] });
    const { cost } = await llm.generateText({ prompt: "x" });
    await llm.budget?.idle();
    expect(await llm.budget?.status()).toMatchObject([{ rule: "month", spent: cost?.nanoUsd, presumed: 0, held: 0 }]);
    expect(cost?.nanoUsd).toBeGreaterThan(0);
    expect(llm.state?.status().engine).toBe("memory");
  });

  it("refuse a call before its request, and leave breaker and limiter as they were; the plan names the rule", async () => {
    await using llm = await open({ budgets: [{ ...MONTH, limitUsd: 0 }] });
    const plan = await llm.plan();
    expect(plan.skipped).toHaveLength(4);
    for (const { reason } of plan.skipped) expect(reason).toMatch(/^refused: budget "month": \$0.00 of \$0.00 left/);
    const health = JSON.stringify(llm.health());
    const error = await llm.generateText({ prompt: "x" }).catch((thrown: unknown) => thrown);
    if (!isLLMError(error, "budget")) throw error;
    expect(error.refusals.map(({ provider }) => provider)).toEqual(["wandb", "groq", "claude", "openai"]);
    expect(error.message).toMatch(/budget "month".*waiting does not help/);
    expect(simulator.requests).toHaveLength(0);
    expect(JSON.stringify(llm.health())).toBe(health);
  });

  it("of one provider let the next one answer", async () => {
    await using llm = await open({ budgets: [{ ...MONTH, scope: { provider: "wandb" }, limitUsd: 0 }] });
    expect((await llm.generateText({ prompt: "x" })).provider).toBe("groq");
    expect((await llm.plan()).skipped).toMatchObject([{ provider: "wandb" }]);
  });

  it("near their limit start no hedge", async () => {
    const settings = await createSettingsStore({ url: "memory://" });
    await using llm = await open({ settings, state: "memory://" });
    // Without statistics of a link there are no hedges.
    for (let call = 0; call < 10; call += 1) await llm.generateText({ prompt: "x" });
    for (const [warnAt, sent] of [
      [1, 2],
      [0.01, 1],
    ] as const) {
      const rule = { id: "total", scope: "all", per: "total", limitTokens: 20_000, warnAt } as const;
      await settings.update({ budgets: [rule] }, { actor: "test" });
      simulator.reset();
      simulator.setFault("wandb", { kind: "slow", delayMs: 400 });
      await llm.generateText({ prompt: "x", maxOutputTokens: 200, hedge: { minDelayMs: 1 } });
      expect(simulator.requests.filter(({ endpoint }) => endpoint === "chat")).toHaveLength(sent);
    }
    await settings.close();
  });

  it("refuse a model without a price before sending, unless it has a rate", async () => {
    const settings = { order: ["groq"], providers: { groq: { model: "acme/unknown" } } };
    const only = { settings, providers: (await import("../default-providers.ts")).defaultProviders().slice(1, 2) };
    await using denied = await open({ ...only, budgets: [MONTH] });
    await expect(denied.generateText({ prompt: "x" })).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(/no price of groq\/acme\/unknown is known/),
    });
    expect(simulator.requests).toHaveLength(0);
    await using rated = await open({ ...only, budgets: { rules: [MONTH], unknownPrice: 1 } });
    await rated.plan();
    const answer = await rated.budget?.gate.admit({
      callId: "c",
      number: 1,
      kind: "first",
      provider: "groq",
      model: "acme/unknown",
      tenant: null,
      agent: null,
      purpose: null,
      requestBytes: 1_000,
      maxOutputTokens: 1,
      signal: new AbortController().signal,
    });
    expect(answer).toHaveProperty("settle");
  });
});

describe("a shared state", () => {
  it("of the variable applies the budgets of the settings, which change while calls run, with history and undo", async () => {
    const settings = await createSettingsStore({ url: "memory://" });
    await using llm = await open({ settings, env: { ...simulator.env, BABYLON_STATE_URL: "memory://" } });
    await llm.generateText({ prompt: "x" });
    const stop = { ...MONTH, id: "stop", limitUsd: 0 };
    await settings.update({ budgets: [stop] }, { actor: "ada", reason: "the bill" });
    await expect(llm.generateText({ prompt: "x" })).rejects.toMatchObject({ code: "budget" });
    await settings.update({ budgets: null }, { actor: "ada" });
    await llm.generateText({ prompt: "x" });
    await settings.rollback(1, { actor: "ada" });
    await expect(llm.generateText({ prompt: "x" })).rejects.toMatchObject({ code: "budget" });
    expect(await settings.history()).toMatchObject([{ version: 3 }, { version: 2 }, { version: 1, by: "ada" }]);
    await settings.close();
  });

  it("of the caller's own is not closed with the client; two clients have one budget", async () => {
    const state = await openSharedState({ url: "memory://" });
    const [one, other] = [await open({ state, budgets: [MONTH] }), await open({ state, budgets: [MONTH] })];
    await one.generateText({ prompt: "x" });
    await one.close();
    const spent = (await other.budget?.status())?.[0]?.spent;
    expect(spent).toBeGreaterThan(0);
    await other.close();
    expect(await state.ledger.status(["k"])).toHaveLength(1);
    await state.close();
  });

  it("that is wrong names the option or the variable", async () => {
    await expect(open({ state: "mysql://a" })).rejects.toMatchObject({ code: "invalid", at: "state" });
    const env = { BABYLON_STATE_URL: "mysql://a" };
    await expect(open({ env })).rejects.toMatchObject({ code: "invalid", at: "BABYLON_STATE_URL" });
  });

  it("and budgets are absent unless they are named", async () => {
    await using llm = await open({});
    expect([llm.state, llm.budget]).toEqual([null, null]);
    await using without = await open({ state: "memory://", budgets: false });
    expect([without.state?.status().engine, without.budget]).toEqual(["memory", null]);
  });

  it("is not needed for rules that are wrong", async () => {
    const budgets = [{ ...MONTH, limitUsd: -1 }];
    await expect(open({ budgets })).rejects.toMatchObject({ code: "invalid_input", path: "rules[0].limitUsd" });
  });
});
