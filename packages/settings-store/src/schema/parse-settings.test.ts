import { describe, expect, test } from "vitest";
import { isSettingsError } from "../errors/settings-error.ts";
import { parsePatch, parseSettings, parseStoredSettings } from "./parse-settings.ts";

function issuesOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (thrown) {
    if (!isSettingsError(thrown, "invalid")) throw thrown;
    expect(thrown.path).toBe(thrown.issues[0]?.path);
    return thrown.issues.map(({ path }) => path);
  }
}

const circular: Record<string, unknown> = {};
circular.agents = circular;

const BUDGET = { id: "a", scope: { tenant: "*" }, per: "day", timeZone: "Europe/Berlin", limitUsd: 5 } as const;

const REFUSED: readonly [what: string, value: unknown, paths: readonly string[]][] = [
  ["something else", "settings", [""]],
  ["null", null, [""]],
  ["a list", [], [""]],
  ["a Map", new Map(), [""]],
  ["a list of providers", { providers: [] }, ["providers"]],
  ["a Date for a provider", { providers: { groq: new Date() } }, ["providers.groq"]],
  ["an unknown field", { wandbModel: "x" }, ["wandbModel"]],
  ["an unknown field of a provider", { providers: { wandb: { modle: "x" } } }, ["providers.wandb.modle"]],
  ["a provider id in capitals", { providers: { Wandb: {} } }, ["providers.Wandb"]],
  ["a provider id with a blank", { order: ["groq", "my groq"] }, ["order.1"]],
  ["a provider id twice", { order: ["groq", "groq"] }, ["order"]],
  ["an order that is not a list", { order: "groq" }, ["order"]],
  ["an empty model", { providers: { groq: { model: "" } } }, ["providers.groq.model"]],
  ["a model with a control character", { providers: { groq: { model: "a\nb" } } }, ["providers.groq.model"]],
  ["a model with blanks around it", { providers: { groq: { model: " a" } } }, ["providers.groq.model"]],
  ["a switch that is neither on nor off", { providers: { groq: { enabled: "yes" } } }, ["providers.groq.enabled"]],
  ["an agent with nothing", { agents: { a: {} } }, ["agents.a"]],
  ["an agent with both forms", { agents: { a: { provider: "groq", models: {} } } }, ["agents.a"]],
  ["an agent with a model and models", { agents: { a: { model: "m", models: {} } } }, ["agents.a"]],
  ["a bad id among an agent's models", { agents: { a: { models: { "Groq!": "m" } } } }, ["agents.a.models.Groq!"]],
  ["an agent id with a control character", { agents: { "a\u0007": { provider: "groq" } } }, ["agents.a\u0007"]],
  ["a model with a bidirectional mark", { providers: { groq: { model: "a\u202eb" } } }, ["providers.groq.model"]],
  ["a model with a line separator", { agents: { a: { models: { groq: "a\u2028b" } } } }, ["agents.a.models.groq"]],
  ["an agent id with a zero-width blank", { agents: { "a\u200b": { provider: "groq" } } }, ["agents.a\u200b"]],
  ["an agent id with half a character", { agents: { "a\ud800": { provider: "groq" } } }, ["agents.a\ud800"]],
  ["an unknown field of an agent", { agents: { a: { provider: "groq", tier: null } } }, ["agents.a.tier"]],
  ["budgets that are no list", { budgets: { daily: 5 } }, ["budgets"]],
  ["a budget without a limit", { budgets: [{ id: "a", scope: "all", per: "day" }] }, ["budgets.0"]],
  ["a budget with a wrong scope", { budgets: [{ ...BUDGET, scope: { tenant: 5 } }] }, ["budgets.0.scope.tenant"]],
  ["a budget in no time zone", { budgets: [{ ...BUDGET, timeZone: "Mars/Base" }] }, ["budgets.0.timeZone"]],
  ["a budget twice", { budgets: [BUDGET, BUDGET] }, ["budgets.1.id"]],
  ["the address of a webhook", { budgets: [{ ...BUDGET, webhook: "https://a" }] }, ["budgets.0.webhook"]],
  ["a key __proto__", JSON.parse('{"providers":{"__proto__":{"model":"x"}}}'), ["providers.__proto__"]],
  ["an agent called constructor", { agents: { constructor: { provider: "groq" } } }, ["agents.constructor"]],
  ["a value that contains itself", circular, [`${"agents.".repeat(8)}agents`]],
  ["two mistakes", { order: ["A"], providers: { groq: { enabled: 1 } } }, ["order.0", "providers.groq.enabled"]],
];

describe("settings", () => {
  test.each(REFUSED)("with %s are rejected with the path", (_, value, paths) => {
    expect(issuesOf(() => parseSettings(value))).toEqual(paths);
  });

  test("accept every model id that a vendor may use", () => {
    for (const model of [
      "wandb-artifact:///team/project/name:v1",
      "meta-llama/Llama-3.3-70B-Instruct",
      ":odd",
      "ü/模型",
    ]) {
      expect(parseSettings({ providers: { wandb: { model } } }).providers.wandb).toEqual({ model });
    }
  });

  test("have one canonical form for all empty values", () => {
    const empty = { order: null, providers: {}, agents: {} };
    expect(parseSettings({})).toEqual(empty);
    expect(parseSettings({ order: null, providers: null, agents: undefined })).toEqual(empty);
    expect(parseSettings({ providers: { groq: { model: null, enabled: undefined } } }).providers).toEqual({ groq: {} });
    expect(parseSettings({ agents: { a: { provider: "groq", model: null, models: null } } }).agents).toEqual({
      a: { provider: "groq" },
    });
  });
});

test("budgets of a caller are kept as they are, and an empty list is kept, too", () => {
  expect(parseSettings({ budgets: [BUDGET] }).budgets).toEqual([BUDGET]);
  expect(parseSettings({ budgets: [] }).budgets).toEqual([]);
  expect(parseSettings({ budgets: null })).not.toHaveProperty("budgets");
  expect(parseStoredSettings({ budgets: { daily: 5 } }).budgets).toEqual({ daily: 5 });
});

describe("a patch", () => {
  test("removes an agent whose id is not valid any more, and errors escape such ids", () => {
    expect(parsePatch({ agents: { "a\u202e": null } })).toEqual({ agents: { "a\u202e": null } });
    const change = () => parsePatch({ agents: { "a\u202e": { provider: "groq" } } });
    expect(issuesOf(change)).toEqual(["agents.a\u202e"]);
    expect(change).toThrow(/^agents\.a\\u202e: an agent id has no control characters and no invisible ones$/);
  });

  test("may remove everything", () => {
    const patch = {
      order: null,
      providers: { groq: null, wandb: { model: null } },
      agents: { a: { models: { groq: null } } },
    };
    expect(parsePatch(patch)).toEqual(patch);
  });

  test("is rejected for an unknown field, even if it only deletes it", () => {
    expect(issuesOf(() => parsePatch({ nonsense: null }))).toEqual(["nonsense"]);
    expect(issuesOf(() => parsePatch({ agents: { a: { temperature: null } } }))).toEqual(["agents.a.temperature"]);
    expect(issuesOf(() => parsePatch(JSON.parse('{"__proto__":null}')))).toEqual(["__proto__"]);
  });
});
