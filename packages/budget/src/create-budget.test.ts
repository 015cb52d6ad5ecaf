import type { BudgetRule, Cost, Pricer, SettingsSnapshot } from "@babylon/llm-core";
import { fixedCost, fixedPricer } from "@babylon/llm-testing";
import { describe, expect, test } from "vitest";
import type { BudgetWindow } from "./contract/budget-window.ts";
import { createBudget } from "./create-budget.ts";
import { otherWindows } from "./status/other-windows.ts";
import { permitOf, refusalOf, toAsk, toAttempt, tokens } from "./test-support/asks.ts";
import { openBudget, openTimedBudget } from "./test-support/open-budget.ts";

/** 1,000 bytes are estimated as 600 tokens; with 100 of output an ask is 700. */
const HOUR: BudgetRule = { id: "hour", scope: "all", per: "hour", limitTokens: 2_000 };
const TENANT: BudgetRule = { id: "tenant", scope: { tenant: "*" }, per: "day", limitTokens: 1_000 };

function fail(): never {
  throw new Error("a failure of the caller's own");
}

const only = (windows: readonly BudgetWindow[]): BudgetWindow => {
  expect(windows).toHaveLength(1);
  const [window] = windows;
  if (window === undefined) throw new Error("no window");
  return window;
};

describe("a budget in tokens", () => {
  test("holds what an attempt may need, and then has what it needed", async () => {
    const { budget } = await openBudget({ rules: [HOUR] });
    const permit = await permitOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ spent: 0, presumed: 0, held: 700, left: 1_300 });
    permit.settle(toAttempt({ usage: tokens(50, 25) }));
    await budget.idle();
    expect(only(await budget.status())).toMatchObject({ spent: 75, presumed: 0, held: 0, left: 1_925, level: "ok" });
  });

  test("refuses what does not fit, says what is left, and that the holds of others may be given back", async () => {
    const { budget } = await openBudget({ rules: [HOUR] });
    await permitOf(budget.gate.admit(toAsk()));
    const second = await permitOf(budget.gate.admit(toAsk()));
    const { why, retryAfterMs } = await refusalOf(budget.gate.admit(toAsk()));
    expect(why).toBe(
      'budget "hour": 600 tokens of 2,000 tokens left, this needs up to 700 tokens; other calls hold the rest and may give it back',
    );
    expect(retryAfterMs).toBe(1_000);
    second.settle(toAttempt({ sent: false, outcome: "failed" }));
    await permitOf(budget.gate.admit(toAsk()));
  });

  test("refuses until the window ends, by the time of the shared state", async () => {
    const { budget, clock } = await openTimedBudget({ rules: [HOUR] }, Date.UTC(2026, 10, 22, 10, 45));
    const permit = await permitOf(budget.gate.admit(toAsk()));
    permit.settle(toAttempt({ usage: tokens(1_500, 0) }));
    await budget.idle();
    const refusal = await refusalOf(budget.gate.admit(toAsk()));
    expect(refusal.why).toMatch(/a new window begins at 2026-11-22T11:00:00.000Z$/);
    expect(refusal.retryAfterMs).toBe(15 * 60_000);
    expect(budget.gate.peek?.(toAsk())?.why).toMatch(/^budget "hour": 500 tokens of 2,000 tokens left/);
    await clock.advance(15 * 60_000);
    expect(budget.gate.peek?.(toAsk())).toBeUndefined();
    await permitOf(budget.gate.admit(toAsk()));
  });

  test("refuses what can never fit, and says that waiting does not help", async () => {
    const { budget } = await openBudget({ rules: [HOUR] });
    const ask = toAsk({ maxOutputTokens: 5_000 });
    expect(budget.gate.peek?.(ask)?.why).toMatch(/that is more than the whole limit$/);
    const { why, retryAfterMs } = await refusalOf(budget.gate.admit(ask));
    expect(why).toMatch(/this needs up to 5,600 tokens; that is more than the whole limit$/);
    expect(retryAfterMs).toBeNull();
  });

  test("counts each tenant apart, and attempts without a tenant not at all", async () => {
    const { budget } = await openBudget({ rules: [TENANT] });
    await permitOf(budget.gate.admit(toAsk({ tenant: "acme, Inc | ü" })));
    expect((await refusalOf(budget.gate.admit(toAsk({ tenant: "acme, Inc | ü" })))).why).toMatch(
      /^budget "tenant" \(tenant acme, Inc \| ü\): 300 tokens of/,
    );
    await permitOf(budget.gate.admit(toAsk({ tenant: "other" })));
    for (let attempt = 0; attempt < 5; attempt += 1) await permitOf(budget.gate.admit(toAsk()));
    expect((await budget.status()).map(({ scope, held }) => [scope.tenant, held])).toEqual([
      ["acme, Inc | ü", 700],
      ["other", 700],
    ]);
  });

  test("reserves in every matching budget or in none", async () => {
    const agent: BudgetRule = { id: "agent", scope: { agent: "a", model: "m" }, per: "total", limitTokens: 800 };
    const { budget } = await openBudget({ rules: [HOUR, agent] });
    await permitOf(budget.gate.admit(toAsk({ agent: "a" })));
    expect((await refusalOf(budget.gate.admit(toAsk({ agent: "a" })))).why).toMatch(
      /^budget "agent" \(agent a, model m\)/,
    );
    expect((await budget.status()).map(({ rule, held }) => [rule, held])).toEqual([
      ["hour", 700],
      ["agent", 700],
    ]);
    await permitOf(budget.gate.admit(toAsk({ agent: "a", model: "other" })));
  });

  test("that only warns refuses nothing", async () => {
    const { budget } = await openBudget({ rules: [{ ...HOUR, atLimit: "warn" }] });
    for (let attempt = 0; attempt < 5; attempt += 1) await permitOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ held: 3_500, left: -1_500, level: "over" });
    expect(budget.gate.peek?.(toAsk())).toBeUndefined();
  });

  test("starts no hedge near its limit", async () => {
    const { budget } = await openBudget({ rules: [{ ...HOUR, limitTokens: 2_200, warnAt: 0.6 }] });
    await permitOf(budget.gate.admit(toAsk()));
    await refusalOf(budget.gate.admit(toAsk({ kind: "hedge" })));
    const first = await permitOf(budget.gate.admit(toAsk()));
    first.settle(toAttempt({ sent: false }));
    expect(only(await budget.status())).toMatchObject({ held: 700 });
  });

  test("learns how many tokens the bytes of a request are", async () => {
    const { budget } = await openBudget({ rules: [{ ...HOUR, limitTokens: 100_000 }] });
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(200, 10) }));
    await permitOf(budget.gate.admit(toAsk()));
    // 0.2 tokens a byte, and a margin of a fifth.
    expect(only(await budget.status())).toMatchObject({ spent: 210, held: 240 + 100 });
  });
});

describe("what an attempt has cost", () => {
  const RATE = { inputTokens: 600, outputTokens: 100 };
  const KNOWN: Cost = fixedCost(5);
  const UNKNOWN: Cost = { ...KNOWN, nanoUsd: null, lowNanoUsd: 0, highNanoUsd: null };
  const error = (code: "timeout" | "server" | "rate_limit", status: number | null) =>
    ({ code, message: "", status, retryAfterMs: null }) as const;
  const failed = { outcome: "failed" } as const;

  test.each<[what: string, attempt: Parameters<typeof toAttempt>[0], spent: number, presumed: number]>([
    ["usage was reported", { usage: tokens(7, 3) }, 10, 0],
    ["usage above the estimate was reported", { usage: tokens(7_000, 3_000) }, 10_000, 0],
    ["nothing was sent", { ...failed, sent: false }, 0, 0],
    ["the reply was 429", { ...failed, error: error("rate_limit", 429) }, 0, 0],
    ["the reply was 500", { ...failed, error: error("server", 500) }, 0, 0],
    ["a gateway gave up waiting", { ...failed, error: error("server", 504) }, 0, RATE.inputTokens],
    ["it timed out before any output", { ...failed, error: error("timeout", null) }, 0, RATE.inputTokens],
    ["it timed out as JSON", { ...failed, transport: "json", error: error("timeout", null) }, 0, 700],
    ["it was aborted after 40 characters", { outcome: "aborted", outputChars: 40 }, 0, RATE.inputTokens + 40],
    ["it was canceled after 4,000 characters", { outcome: "cancelled", outputChars: 4_000 }, 0, 700],
    ["a whole answer has no usage", { outputChars: 60 }, 0, RATE.inputTokens + 60],
    ["only the input was reported", { outcome: "aborted", outputChars: 10, usage: tokens(20, null) }, 0, 30],
    ["a count is not one", { outputChars: 10, usage: tokens(-5, 0.5) }, 0, RATE.inputTokens + 10],
  ])("in tokens, where %s", async (_, attempt, spent, presumed) => {
    const { budget } = await openBudget({ rules: [{ ...HOUR, limitTokens: 20_000 }] });
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt(attempt));
    await budget.idle();
    expect(only(await budget.status())).toMatchObject({ spent, presumed, held: 0 });
  });

  /** Two nano-dollars a token; three at most. */
  const pricer = {
    price: (attempt: ReturnType<typeof toAttempt>): Cost => {
      const { inputTokens = null, outputTokens = null } = attempt.usage ?? {};
      if (inputTokens === null || outputTokens === null) return UNKNOWN;
      return fixedCost(2 * (inputTokens + outputTokens));
    },
    highest: (ask: { inputTokens: number; outputTokens: number }) => 3 * (ask.inputTokens + ask.outputTokens),
  };

  test.each<[what: string, attempt: Parameters<typeof toAttempt>[0], spent: number, presumed: number]>([
    ["usage was reported", { usage: tokens(7, 3) }, 20, 0],
    ["the reply was 500", { ...failed, error: error("server", 500) }, 0, 0],
    ["it was aborted after 40 characters", { outcome: "aborted", outputChars: 40 }, 0, 3 * 640],
    ["it was aborted after 4,000 characters", { outcome: "aborted", outputChars: 4_000 }, 0, 3 * 700],
  ])("in dollars, where %s", async (_, attempt, spent, presumed) => {
    const { budget } = await openBudget({ pricer, rules: [{ id: "usd", scope: "all", per: "total", limitUsd: 1 }] });
    const permit = await permitOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ unit: "usd", limit: 1e9, held: 2_100 });
    permit.settle(toAttempt(attempt));
    await budget.idle();
    expect(only(await budget.status())).toMatchObject({ spent, presumed, held: 0, startsAt: null, endsAt: null });
  });
});

test.each<[what: string, pricer: Pricer]>([
  ["throws", { price: fail, highest: fail }],
  ["returns no amounts", { price: () => fixedCost(Number.NaN), highest: () => Number.NaN }],
])("a pricer that %s counts as one without a price", async (_, pricer) => {
  const { budget } = await openBudget({
    pricer,
    unknownPrice: 1,
    rules: [{ id: "usd", scope: "all", per: "day", limitUsd: 1 }],
  });
  (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(10, 10) }));
  await budget.idle();
  expect(only(await budget.status())).toMatchObject({ spent: 20_000, presumed: 0, held: 0 });
});

test("a logger that throws lets nothing pass", async () => {
  const logger = { debug: fail, info: fail, warn: fail, error: fail };
  const { budget, state } = await openBudget({ rules: [HOUR], logger });
  await state.close();
  expect((await refusalOf(budget.gate.admit(toAsk()))).why).toMatch(/the store of budgets is away/);
});

describe("an unknown price", () => {
  const rules: BudgetRule[] = [{ id: "usd", scope: "all", per: "day", limitUsd: 1 }];
  const none: Cost = { ...fixedCost(0), nanoUsd: null, highNanoUsd: null, source: "none" };
  const pricer = fixedPricer(() => none);

  test("refuses the attempt, in the plan, too", async () => {
    const { budget } = await openBudget({ rules, pricer });
    const refusal = { why: 'budget "usd": no price of groq/m is known', retryAfterMs: null };
    expect(await budget.gate.admit(toAsk())).toEqual(refusal);
    expect(budget.gate.peek?.(toAsk())).toEqual(refusal);
    expect(only(await budget.status())).toMatchObject({ held: 0 });
  });

  test("does not matter to a budget in tokens, or to one that only warns", async () => {
    const { budget } = await openBudget({
      rules: [HOUR, { id: "usd", scope: "all", per: "day", limitUsd: 1, atLimit: "warn" }],
      pricer,
    });
    await permitOf(budget.gate.admit(toAsk()));
  });

  test("counts at the operator's rate", async () => {
    const { budget } = await openBudget({ rules, pricer, unknownPrice: { input: 1, output: 2 } });
    const permit = await permitOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ held: 600 * 1_000 + 100 * 2_000 });
    permit.settle(toAttempt({ usage: tokens(10, 10) }));
    await budget.idle();
    expect(only(await budget.status())).toMatchObject({ spent: 30_000, held: 0 });
  });
});

describe("rules of the settings", () => {
  function changeable(budgets: SettingsSnapshot["value"]["budgets"]) {
    let value = Object.freeze({ order: null, providers: {}, agents: {}, budgets });
    return {
      peek: () => ({ value, version: 1 }),
      get: async () => ({ value, version: 1 }),
      set(next: SettingsSnapshot["value"]["budgets"]) {
        value = Object.freeze({ ...value, budgets: next });
      },
    };
  }

  test("change while calls run: their limits, and which there are; what was spent stays", async () => {
    const settings = changeable([{ ...HOUR, limitTokens: 800 }]);
    const { budget } = await openBudget({ rules: [TENANT], settings });
    await permitOf(budget.gate.admit(toAsk()));
    await refusalOf(budget.gate.admit(toAsk()));
    settings.set([{ ...HOUR, limitTokens: 1_500 }]);
    await permitOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ rule: "hour", source: "settings", held: 1_400, left: 100 });
    settings.set(undefined);
    await permitOf(budget.gate.admit(toAsk()));
    expect(await budget.status()).toEqual([]);
  });

  test("that are paused refuse nothing and report nothing, and count for the time when they apply again", async () => {
    const settings = changeable([{ ...HOUR, paused: true }]);
    const { budget } = await openBudget({ settings });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      (await permitOf(budget.gate.admit(toAsk({ kind: "hedge" })))).settle(toAttempt({ usage: tokens(700, 0) }));
    }
    await budget.idle();
    expect(budget.gate.peek?.(toAsk())).toBeUndefined();
    expect(only(await budget.status())).toMatchObject({
      paused: true,
      spent: 2_800,
      left: -800,
      level: "ok",
      warning: null,
    });
    settings.set([HOUR]);
    await refusalOf(budget.gate.admit(toAsk()));
    expect(only(await budget.status())).toMatchObject({ paused: false, spent: 2_800, level: "over" });
  });

  test("replace a rule of the code with the same id", async () => {
    const settings = changeable([{ ...HOUR, limitTokens: 800 }]);
    const { budget } = await openBudget({ rules: [HOUR], settings });
    expect(only(await budget.status())).toMatchObject({ limit: 800, source: "settings" });
  });

  test("of a newer version are left out, and reported", async () => {
    const newer: unknown = [{ ...HOUR, per: "year" }, { ...TENANT, id: "day" }, HOUR];
    const lines: unknown[] = [];
    const note = (...line: unknown[]) => void lines.push(line);
    const logger = { debug: note, info: note, warn: note, error: note };
    // What a newer version has stored is not what the type says.
    const settings = changeable(newer as BudgetRule[]);
    const { budget } = await openBudget({ settings, logger });
    expect((await budget.status()).map(({ rule }) => rule)).toEqual(["hour"]);
    expect(lines).toEqual([
      [expect.stringMatching(/not applied/), { problem: expect.stringMatching(/budgets\[0\].per/) }],
    ]);
  });
});

test("a rolling budget counts the time before the current step, too", async () => {
  const rules: BudgetRule[] = [{ id: "roll", scope: "all", per: { rollingMs: 24 * 3_600_000 }, limitTokens: 2_000 }];
  const { budget, clock } = await openTimedBudget({ rules });
  for (const hours of [0, 5]) {
    await clock.advance(hours * 3_600_000);
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(700, 100) }));
    await budget.idle();
  }
  await clock.advance(60 * 60_000);
  expect((await refusalOf(budget.gate.admit(toAsk()))).why).toMatch(/^budget "roll": 400 tokens of 2,000 tokens left/);
  expect(only(await budget.status())).toMatchObject({ spent: 1_600, left: 400, endsAt: null });
  // The first attempt is a day ago, and its step has ended.
  await clock.advance(19 * 3_600_000);
  await permitOf(budget.gate.admit(toAsk()));
  await budget.writeOff("roll");
});

test("windows of rules that a process does not have are listed with the limit that another process had", async () => {
  const rules: BudgetRule[] = [TENANT, { id: "roll", scope: "all", per: { rollingMs: 3_600_000 }, limitTokens: 2_000 }];
  const { budget, state, clock } = await openTimedBudget({ rules: [HOUR, ...rules] });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const ask = toAsk({ tenant: "a|b", maxOutputTokens: 10 });
    (await permitOf(budget.gate.admit(ask))).settle(toAttempt({ usage: tokens(40, 10) }));
    await budget.idle();
    await clock.advance(300_000);
  }
  expect(await otherWindows(state, new Set(["hour"]))).toMatchObject([
    { rule: "roll", scope: {}, per: "rolling3600000", unit: "tokens", spent: 100, limit: 2_000, endsAt: null },
    {
      rule: "tenant",
      scope: { tenant: "a|b" },
      per: "day",
      timeZone: "UTC",
      spent: 100,
      endsAt: Date.UTC(2026, 10, 23),
    },
  ]);
});

test("presumed amounts are written off after the bill was checked", async () => {
  const { budget } = await openBudget({ rules: [HOUR] });
  (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ outcome: "aborted" }));
  await budget.idle();
  const { key, presumed } = only(await budget.status());
  expect(presumed).toBe(600);
  await budget.writeOff(key, 200, { actor: "ada", reason: "not on the bill" });
  expect(only(await budget.status())).toMatchObject({ presumed: 400 });
  await budget.writeOff("hour");
  expect(only(await budget.status())).toMatchObject({ presumed: 0, left: 2_000 });
  const of = { atEpochMs: expect.any(Number), rule: "hour", scope: {}, per: "hour", timeZone: "UTC", unit: "tokens" };
  const startsAt = only(await budget.status()).startsAt;
  expect(await budget.writeOffs()).toEqual([
    { ...of, startsAt, amount: 400, actor: null, reason: null },
    { ...of, startsAt, amount: 200, actor: "ada", reason: "not on the bill" },
  ]);
  await expect(budget.writeOff("other")).rejects.toMatchObject({ code: "invalid_input", path: "key" });
});

test("the forecast is in proportion to time", async () => {
  const rules: BudgetRule[] = [{ id: "day", scope: "all", per: "day", limitTokens: 10_000 }];
  const { budget, clock } = await openTimedBudget({ rules });
  await clock.advance(6 * 3_600_000);
  (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(4_000, 0) }));
  await budget.idle();
  expect(only(await budget.status())).toMatchObject({
    forecast: 16_000,
    level: "ok",
    warning: "16,000 tokens are expected at the end of the window",
    endsAt: Date.UTC(2026, 10, 23),
  });
});

test.each<[path: string, options: object]>([
  ["rules[0].per", { rules: [{ ...HOUR, per: "year" }] }],
  ["onOutage", { onOutage: "stop" }],
  ["unknownOutcome", { unknownOutcome: "ignore" }],
  ["unknownPrice", { unknownPrice: -1 }],
  ["leaseMs", { leaseMs: 1 }],
  ["notices.url", { notices: { url: "http://example.com", secret: "0123456789abcdef" } }],
  ["notices.secret", { notices: { url: "https://example.com", secret: "short" } }],
])("a wrong option is refused with its path: %s", async (path, options) => {
  const { state } = await openBudget({});
  expect(() => createBudget({ state, ...options })).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});
