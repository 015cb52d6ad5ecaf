import type { BudgetRule } from "@babylon/admin-api/contract";
import { checkBudgetRules } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { sampleWindows } from "../test-support/sample-budgets.ts";
import {
  type BudgetForm,
  budgetProblems,
  fromBudgetForm,
  NEW_BUDGET,
  parseBudgetForm,
  toBudgetForm,
} from "./budget-form.ts";
import { openAtFirst } from "./use-budgets.ts";
import { parseAmount } from "./write-off-dialog.tsx";

const RULES: readonly BudgetRule[] = [
  { id: "a", scope: "all", per: "month", limitUsd: 50 },
  { id: "b", scope: { tenant: "*", agent: "x" }, per: "day", timeZone: "Asia/Kathmandu", limitUsd: 0.5, warnAt: 0.55 },
  {
    id: "c",
    scope: { provider: "groq", model: "a/b" },
    per: "total",
    limitTokens: 9_000_000_000,
    atLimit: "warn",
    paused: true,
  },
  { id: "d", scope: { purpose: "chat" }, per: { rollingMs: 129_600_000 }, limitUsd: 0 },
  { id: "e", scope: "all", per: { rollingMs: 90_000 * 60 }, limitUsd: 1, warnAt: 1 },
];

describe.each(RULES)("the rule $id", (rule) => {
  test("is the same after a form", () => {
    const form = toBudgetForm(rule);
    expect(budgetProblems(form, ["a", "b", "c", "d", "e"])).toEqual({});
    expect(fromBudgetForm(form)).toEqual(rule);
  });

  test("its form is the same after a reload", () => {
    const form = toBudgetForm(rule);
    expect(parseBudgetForm(JSON.parse(JSON.stringify(form)))).toEqual(form);
  });
});

test.each<[string, Partial<BudgetForm>, readonly string[]]>([
  ["a new one", {}, ["id"]],
  ["a taken name", { id: "a" }, ["id"]],
  ["a name with a space", { id: "a b" }, ["id"]],
  ["no names", { id: "n", counts: "some" }, ["scope"]],
  ["a span of 0", { id: "n", per: "rolling", rolling: "0" }, ["rolling"]],
  ["a span that is too long", { id: "n", per: "rolling", rolling: "32", rollingUnit: "days" }, ["rolling"]],
  [
    "a span with a part of a millisecond",
    { id: "n", per: "rolling", rolling: "1.00001", rollingUnit: "minutes" },
    ["rolling"],
  ],
  ["a wrong time zone", { id: "n", timeZone: "Mars" }, ["timeZone"]],
  ["a wrong time zone that does not count", { id: "n", timeZone: "Mars", per: "total" }, []],
  ["no limit", { id: "n", limit: "" }, ["limit"]],
  ["a limit below 0", { id: "n", limit: "-1" }, ["limit"]],
  ["a limit in words", { id: "n", limit: "1e3" }, ["limit"]],
  ["a limit that is too high", { id: "n", limit: "9000001" }, ["limit"]],
  ["a part of a token", { id: "n", unit: "tokens", limit: "1.5" }, ["limit"]],
  ["near from 0", { id: "n", warnAt: "0" }, ["warnAt"]],
  ["near from more than all", { id: "n", warnAt: "101" }, ["warnAt"]],
])("%s: what is wrong is at its field", (_, more, fields) => {
  const form = { ...NEW_BUDGET, ...more };
  expect(Object.keys(budgetProblems(form, ["a"]))).toEqual(fields);
  if (fields.length === 0) expect(() => checkBudgetRules([fromBudgetForm(form)], "")).not.toThrow();
});

test.each([
  [null],
  ["x"],
  [{}],
  [{ ...NEW_BUDGET, per: "year" }],
  [{ ...NEW_BUDGET, limit: 5 }],
  [{ ...NEW_BUDGET, scope: null }],
])("%j is not a stored form", (stored) => {
  expect(parseBudgetForm(stored)).toBeNull();
});

test.each([
  ["4.5", "usd", 4_500_000_000],
  [" 0.000000001 ", "usd", 1],
  ["4.51", "usd", null],
  ["0", "usd", null],
  ["-1", "usd", null],
  ["1,5", "usd", null],
  ["", "usd", null],
  ["4500000000", "tokens", 4_500_000_000],
  ["1.5", "tokens", null],
] as const)("%j of %s is written off as %j", (text, unit, amount) => {
  expect(parseAmount(text, { unit, presumed: 4_500_000_000 })).toBe(amount);
});

test("who spends is open at first in the windows that are over or near, else in the most used one", () => {
  const windows = sampleWindows(0);
  const spenders = windows.map(({ key }) => ({ key, agents: [], tenants: [] }));
  const keys = (levels: readonly string[]) =>
    windows.filter(({ level }) => levels.includes(level)).map(({ key }) => key);
  expect(openAtFirst({ windows, spenders })).toEqual(keys(["over", "near"]));
  const calm = windows.filter(({ level }) => level === "ok");
  expect(openAtFirst({ windows: calm, spenders })).toEqual(keys(["ok"]).slice(0, 1));
  expect(openAtFirst({ windows, spenders: null })).toEqual([]);
});
