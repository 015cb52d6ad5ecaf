import { type Budget, createBudget } from "@babylon/budget";
import { createLLMClient, LLMError } from "@babylon/llm-core";
import { fixedPricer, mockProvider } from "@babylon/llm-testing";
import { openSharedState } from "@babylon/shared-state";
import { describe, expect, onTestFinished, test } from "vitest";
import type { BudgetsData, SavedData, WriteOffData } from "./contract.ts";
import { memorySettings } from "./test-support/memory-settings.ts";
import { startAdmin } from "./test-support/start-admin.ts";

const MONTH = { id: "month", scope: "all", per: "month", limitTokens: 1_000 } as const;

/** The routes above real budgets on shared state in memory, over calls of a real client. */
async function start(): Promise<ReturnType<typeof startAdmin> & { budget: Budget; fill(): Promise<void> }> {
  const settings = memorySettings();
  const state = await openSharedState({ url: "memory://" });
  const budget = createBudget({ state, settings, rules: [MONTH], pricer: fixedPricer(1) });
  const lost = () => new LLMError({ code: "timeout", message: "no answer in time" });
  const llm = createLLMClient({
    providers: [mockProvider({ id: "groq", steps: () => ({ error: lost() }) })],
    gates: [budget.gate],
    settings,
    retry: { maxRetries: 0 },
  });
  onTestFinished(async () => {
    await llm.close();
    await budget.close();
    await state.close();
  });
  const admin = startAdmin({ settings, budget });
  return {
    ...admin,
    budget,
    async fill() {
      await llm.generateText({ prompt: "canary", maxOutputTokens: 100, tenant: "acme" }).catch(() => {});
      await budget.idle();
    },
  };
}

describe("with real budgets", () => {
  test("what a lost answer may have cost is presumed, and is written off in part and as a whole", async () => {
    const { data, call, fill } = await start();
    await fill();
    const [before] = (await data<BudgetsData>("GET", "/budgets")).windows;
    const presumed = before?.presumed ?? 0;
    expect(presumed).toBeGreaterThan(10);
    expect((await data<BudgetsData>("GET", "/budgets")).writeOffs).toEqual([]);
    const writeOff = async (body: object) =>
      (await data<WriteOffData>("POST", "/budgets/write-off", { key: before?.key, ...body })).window?.presumed;
    expect(await writeOff({ presumed: 10, reason: "not on the bill" })).toBe(presumed - 10);
    expect(await writeOff({})).toBe(0);
    const of = {
      atEpochMs: expect.any(Number),
      rule: "month",
      scope: {},
      per: "month",
      timeZone: "UTC",
      unit: "tokens",
    };
    expect((await data<BudgetsData>("GET", "/budgets")).writeOffs).toEqual([
      { ...of, startsAt: before?.startsAt, amount: presumed - 10, actor: "ana", reason: null },
      { ...of, startsAt: before?.startsAt, amount: 10, actor: "ana", reason: "not on the bill" },
    ]);
    expect(await call("POST", "/budgets/write-off", { key: "budget|none" })).toMatchObject({ status: 404 });
  });

  test("a rule of the settings replaces that of the code, with compare-and-set, history and undo", async () => {
    const { data, call } = await start();
    const windows = async () => {
      const reply = await data<BudgetsData>("GET", "/budgets");
      expect(reply.rulesOfCode).toEqual([MONTH]);
      return reply.windows.map(({ rule, source, limit, atLimit }) => ({ rule, source, limit, atLimit }));
    };
    const ofCode = { rule: "month", source: "code", limit: 1_000, atLimit: "refuse" };
    expect(await windows()).toEqual([ofCode]);

    const budgets = [{ ...MONTH, limitTokens: 5, atLimit: "warn" }];
    const saved = await data<SavedData>("PUT", "", { patch: { budgets }, expectedVersion: 0, reason: "the bill" });
    expect(saved.settings.budgets).toEqual(budgets);
    expect(await windows()).toEqual([{ rule: "month", source: "settings", limit: 5, atLimit: "warn" }]);
    expect(await call("PUT", "", { patch: { budgets: [] }, expectedVersion: 0 })).toMatchObject({ status: 409 });
    expect(await data("GET", "/history")).toMatchObject({
      entries: [{ by: "ana", reason: "the bill", patch: { budgets } }],
    });

    await data("POST", "/rollback", { version: 0 });
    expect(await windows()).toEqual([ofCode]);
  });

  test("a wrong rule is a 400 with its path", async () => {
    const { call } = await start();
    const budgets = [{ ...MONTH, limitTokens: -1 }];
    expect(await call("PUT", "", { patch: { budgets } })).toMatchObject({
      status: 400,
      reply: { code: "invalid_body", issues: [{ path: "patch.budgets.0.limitTokens" }] },
    });
  });

  test("no reply has prompts", async () => {
    const { data, fill } = await start();
    await fill();
    expect(JSON.stringify([await data("GET"), await data("GET", "/budgets")])).not.toContain("canary");
  });
});
