import { describe, expect, test } from "vitest";
import { checkBudgetRules } from "./check-budget-rules.ts";

const RULE = { id: "month", scope: "all", per: "month", timeZone: "Europe/Berlin", limitUsd: 500 };

describe("budget rules", () => {
  test.each<[what: string, rule: object]>([
    ["of all calls", RULE],
    ["of each tenant", { ...RULE, scope: { tenant: "*" }, per: "day", warnAt: 0.8 }],
    ["in tokens", { id: "search", scope: { agent: "search" }, per: "hour", limitTokens: 2_000_000 }],
    ["that roll", { ...RULE, per: { rollingMs: 86_400_000 }, atLimit: "warn" }],
    ["of one model of each agent", { ...RULE, scope: { agent: "*", provider: "groq", model: "openai/gpt-oss-120b" } }],
    ["that are paused", { ...RULE, paused: true }],
    ["that allow nothing", { ...RULE, limitUsd: 0 }],
  ])("%s are valid", (_, rule) => {
    expect(() => checkBudgetRules([rule], "rules")).not.toThrow();
  });

  test.each<[path: string, rules: unknown]>([
    ["rules", { a: RULE }],
    ["rules[0].id", [{ ...RULE, id: "a b" }]],
    ["rules[0].id", [{ ...RULE, id: undefined }]],
    ["rules[1].id", [RULE, RULE]],
    ["rules[0].scope", [{ ...RULE, scope: {} }]],
    ["rules[0].scope", [{ ...RULE, scope: "tenant" }]],
    ["rules[0].scope.team", [{ ...RULE, scope: { team: "*" } }]],
    ["rules[0].scope.provider", [{ ...RULE, scope: { provider: "Groq!" } }]],
    ["rules[0].per", [{ ...RULE, per: "year" }]],
    ["rules[0].per", [{ ...RULE, per: { rollingMs: 1 } }]],
    ["rules[0].timeZone", [{ ...RULE, timeZone: "Berlin" }]],
    ["rules[0]", [{ ...RULE, limitTokens: 5 }]],
    ["rules[0]", [{ ...RULE, limitUsd: undefined }]],
    ["rules[0].limitUsd", [{ ...RULE, limitUsd: -1 }]],
    ["rules[0].limitUsd", [{ ...RULE, limitUsd: Number.NaN }]],
    ["rules[0].warnAt", [{ ...RULE, warnAt: 80 }]],
    ["rules[0].atLimit", [{ ...RULE, atLimit: "stop" }]],
    ["rules[0].paused", [{ ...RULE, paused: "yes" }]],
    ["rules", Array.from({ length: 31 }, (_, index) => ({ ...RULE, id: `r${index}` }))],
  ])("are refused with the path %s", (path, rules) => {
    expect(() => checkBudgetRules(rules, "rules")).toThrow(expect.objectContaining({ code: "invalid_input", path }));
  });
});
