import type { BudgetRule, BudgetWindow, SystemSettings } from "@babylon/admin-api/contract";
import { diffSettings } from "@babylon/settings-store/patch";
import { describe, expect, test } from "vitest";
import { sampleWindow, unknownWindow } from "../test-support/sample-budgets.ts";
import { describeChanges, describeDifference } from "./describe-changes.ts";
import { describeRule } from "./describe-rule.ts";
import { describeBanner, describeLevel, describeOutage, usedPercent } from "./describe-window.ts";
import { formatBudgetAmount } from "./format-budget-amount.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const RULE: BudgetRule = { id: "a", scope: "all", per: "month", limitUsd: 50 };

test.each<[number | null, BudgetWindow["unit"], string]>([
  [12_340_000_000, "usd", "$12.34"],
  [-2_000_000_000, "usd", "−$2.00"],
  [-1_234_000_000_000, "usd", "−$1,234"],
  [0, "usd", "$0"],
  [1_200, "usd", "$0.0000012"],
  [null, "usd", "unknown"],
  [null, "tokens", "unknown"],
  [0, "tokens", "0 tokens"],
  [1, "tokens", "1 token"],
  [-1_234_567, "tokens", "−1,234,567 tokens"],
])("%j %s is %s", (amount, unit, text) => {
  expect(formatBudgetAmount(amount, unit)).toBe(text);
});

test.each<[Partial<BudgetRule>, string]>([
  [{}, "$50.00 a month (UTC) for all calls; refuses at the limit; near from 80 %"],
  [
    { per: "day", timeZone: "Asia/Kathmandu", scope: { tenant: "*", agent: "b" }, warnAt: 0.625 },
    "$50.00 a day (Asia/Kathmandu) for each tenant, agent b; refuses at the limit; near from 62.5 %",
  ],
  [
    {
      per: "total",
      limitUsd: undefined,
      limitTokens: 1_000_000,
      atLimit: "warn",
      paused: true,
      scope: { provider: "groq" },
    },
    "1,000,000 tokens in total for provider GROQ; only warns; near from 80 %; paused",
  ],
  [{ per: { rollingMs: 86_400_000 } }, "$50.00 in any day for all calls; refuses at the limit; near from 80 %"],
  [{ per: { rollingMs: 129_600_000 } }, "$50.00 in any 36 hours for all calls; refuses at the limit; near from 80 %"],
  [{ per: { rollingMs: 90_000 } }, "$50.00 in any 90 seconds for all calls; refuses at the limit; near from 80 %"],
])("%j: %s", (more, text) => {
  expect(describeRule({ ...RULE, ...more }, (id) => id.toUpperCase())).toBe(text);
});

test.each<[Partial<BudgetWindow>, string, string]>([
  [{ level: "ok" }, "good", "Within the limit"],
  [{ level: "near" }, "warn", "Near the limit"],
  [{ level: "over" }, "bad", "Over the limit"],
  [{ level: "over", atLimit: "warn" }, "warn", "Over the limit"],
  [{ level: "ok", paused: true }, "off", "Paused"],
  [{ level: "unknown" }, "off", "Unknown"],
])("%j has the tone %s and the words %s", (more, tone, label) => {
  expect(describeLevel(sampleWindow(NOW, more))).toMatchObject({ tone, label });
});

test.each<[Partial<BudgetWindow>, number | null]>([
  [{}, 26],
  [{ spent: 9.3999e9 }, 99],
  [{ spent: 25e9 }, 256],
  [{ limit: 0, spent: 0, presumed: 0, held: 0 }, 100],
  [unknownWindow(sampleWindow(NOW)), null],
])("%j is used by %j percent", (more, percent) => {
  expect(usedPercent(sampleWindow(NOW, more))).toBe(percent);
});

describe("the banner", () => {
  const levels = { ok: 0, near: 0, over: 0, unknown: 0 };
  const near = sampleWindow(NOW, { level: "near", spent: 8e9 });
  const over = sampleWindow(NOW, { level: "over", spent: 11e9, rule: "tenants", scope: { tenant: "acme" } });

  test.each<[string, Parameters<typeof describeBanner>[0], unknown]>([
    ["nothing", { levels, worst: [], outage: null }, null],
    [
      "one near its limit",
      { levels: { ...levels, near: 1 }, worst: [near], outage: null },
      { tone: "warn", text: "Budget “day” is near its limit: $8.60 of $10.00 are used." },
    ],
    [
      "one over its limit that only warns, without an end",
      { levels: { ...levels, over: 1 }, worst: [{ ...over, atLimit: "warn", endsAt: null }], outage: null },
      {
        tone: "warn",
        text: "Budget “tenants” (acme) is over its limit: $11.60 of $10.00 are used. It only warns: nothing is refused.",
      },
    ],
    [
      "many",
      { levels: { ...levels, over: 3, near: 2 }, worst: [over, over, near], outage: null },
      {
        tone: "bad",
        text: "Budgets 3 over and 2 near their limits: “tenants” (acme) at 116 %, “tenants” (acme) at 116 %, “day” at 86 %, and 2 more.",
      },
    ],
  ])("%s", (_, summary, words) => {
    expect(describeBanner(summary, NOW)).toEqual(words);
  });

  test("says until when calls are refused", () => {
    const words = describeBanner({ levels: { ...levels, over: 1 }, worst: [over], outage: null }, NOW);
    expect(words).toMatchObject({ tone: "bad" });
    expect(words?.text).toMatch(/\$11\.60 of \$10\.00 are used\. Calls that it counts are refused until .+\.$/);
  });

  test.each([
    ["share", 0, /^The store of budgets is away since .+\. Each process may use its share of what was left\.$/],
    ["deny", 1, /Calls that a budget counts are refused\. 1 finished call is counted when it is back\.$/],
    ["allow", 2, /No call is refused because of a budget\. 2 finished calls are counted when it is back\.$/],
  ] as const)("an outage with %s", (onOutage, waiting, words) => {
    expect(describeOutage({ sinceEpochMs: NOW - 60_000, onOutage, waiting }, NOW)).toMatch(words);
  });
});

describe("changes of budgets", () => {
  const none: SystemSettings = { order: null, providers: {}, agents: {} };
  const some: SystemSettings = { ...none, budgets: [RULE, { ...RULE, id: "b" }] };
  const lines = (from: SystemSettings, to: SystemSettings, before?: SystemSettings) =>
    describeChanges(diffSettings(from, to), String, before).map(({ subject, change }) => `${subject}: ${change}`);

  test("are rule by rule where the settings before are known", () => {
    expect(lines(some, { ...none, budgets: [{ ...RULE, limitUsd: 60 }] }, some)).toEqual([
      "Budget a: $60.00 a month (UTC) for all calls; refuses at the limit; near from 80 %",
      "Budget b: no rule in the settings",
    ]);
  });

  test("are the names of all where they are not", () => {
    expect(lines(none, some)).toEqual(["Budgets: a, b"]);
    expect(lines(some, { ...none, budgets: [] })).toEqual(["Budgets: none in the settings"]);
  });

  test("are in the difference of two versions", () => {
    expect(describeDifference(none, { ...none, budgets: [RULE] }, String)).toMatchObject([
      { subject: "Budget a", before: "no rule in the settings", after: expect.stringContaining("$50.00 a month") },
    ]);
  });

  test("of a newer version do not break the page", () => {
    expect(describeChanges(JSON.parse('{"budgets":{"v2":[]}}'), String, some)).toHaveLength(2);
    expect(describeChanges(JSON.parse('{"budgets":[{"kind":"new"}]}'), String, none)).toEqual([]);
  });
});
