import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { Env } from "../contract/env.ts";
import type { Provider } from "../contract/provider.ts";
import type { AgentSettings, SystemSettings } from "../contract/settings.ts";
import { EMPTY_SETTINGS } from "../contract/settings.ts";
import { readProvider } from "./read-provider.ts";
import { resolveConfig } from "./resolve-config.ts";

const providers = [
  mockProvider({ id: "a", model: "factory-a" }),
  mockProvider({ id: "b" }),
  mockProvider({ id: "c", configured: false }),
];
const settings = (value: Partial<SystemSettings>): SystemSettings => ({ ...EMPTY_SETTINGS, ...value });

interface ResolveOptions {
  readonly providers?: readonly Provider[];
  readonly env?: Env;
  readonly settings?: SystemSettings;
  readonly options?: Pick<CallOptions, "agent" | "models" | "credentials">;
}

function resolve({ providers: own = providers, env = {}, settings = EMPTY_SETTINGS, options }: ResolveOptions) {
  const sources = { env, settings, options, credentialIdOf: ({ id }: Provider) => `key of ${id}` };
  const readings = own.map((provider) => readProvider(provider, sources));
  return resolveConfig({ providers: readings, settings, agent: options?.agent });
}
const idsOf = (input: ResolveOptions) => resolve(input).providers.map(({ provider }) => provider.id);
const modelOf = (input: ResolveOptions, id = "a") => {
  const found = resolve(input).providers.find(({ provider }) => provider.id === id);
  return [found?.model, found?.modelSource];
};

describe("the model of a link is", () => {
  const models: AgentSettings = { models: { a: "agent-a" } };
  const stored = settings({
    providers: { a: { model: "settings-a" } },
    agents: { bot: models, link: { provider: "a", model: "agent-link-a" } },
  });
  const env = { A_MODEL: " variable-a " };
  const plain = [mockProvider({ id: "a" })];
  it.each<[string, ResolveOptions, string]>([
    ["the model of the call", { settings: stored, env, options: { models: { a: "call-a" }, agent: "bot" } }, "call"],
    [
      "else the agent's, by provider",
      { settings: stored, env, options: { models: { b: "call-b" }, agent: "bot" } },
      "agent",
    ],
    ["else the agent's own link's", { settings: stored, env, options: { agent: "link" } }, "agent"],
    ["else the settings'", { settings: stored, env, options: { agent: "another" } }, "settings"],
    ["else the factory's", { env }, "factory"],
    ["else the variable's, without blanks", { env, providers: plain }, "variable"],
    ["else the default", { env: { A_MODEL: "  " }, providers: plain }, "default"],
    [
      "the default also where the provider has no variable",
      { env: { null: "x" }, providers: [mockProvider({ id: "a", envModel: null })] },
      "default",
    ],
  ])("%s", (_, input, source) => {
    const names: Record<string, string> = {
      call: "call-a",
      settings: "settings-a",
      factory: "factory-a",
      variable: "variable-a",
      default: "a-model",
    };
    const agent = input.options?.agent === "link" ? "agent-link-a" : "agent-a";
    expect(modelOf(input)).toEqual([names[source] ?? agent, source]);
  });

  it.each<[string, AgentSettings]>([
    ["an agent's link without a model", { provider: "a" }],
    ["an agent's link with null", { provider: "a", model: null }],
    ["an agent that names another provider", { provider: "b", model: "agent-b" }],
    ["an agent with models for others", { models: { b: "agent-b" } }],
  ])("not %s", (_, agent) => {
    const own = settings({ providers: { a: { model: "settings-a" } }, agents: { bot: agent } });
    expect(modelOf({ settings: own, options: { agent: "bot" } })).toEqual(["settings-a", "settings"]);
  });

  it("the next source if it is null in the settings", () => {
    expect(modelOf({ settings: settings({ providers: { a: { model: null } } }) })).toEqual(["factory-a", "factory"]);
  });

  it("never the model of another provider", () => {
    expect(modelOf({ options: { models: { a: "call-a" } } }, "b")).toEqual(["b-model", "default"]);
  });
});

describe("the order is", () => {
  it.each<[string, ResolveOptions, string]>([
    ["the code's", {}, "abc"],
    ["the code's, with an empty list", { settings: settings({ order: [] }) }, "abc"],
    ["the list's, then the code's", { settings: settings({ order: ["c", "b"] }) }, "cba"],
    [
      "that of the list, without unknown and duplicate ids",
      { settings: settings({ order: ["x", "b", "b", "x"] }) },
      "bac",
    ],
    [
      "the agent's own first, then as before",
      { settings: settings({ order: ["c"], agents: { bot: { provider: "b" } } }), options: { agent: "bot" } },
      "bca",
    ],
    [
      "unchanged by an agent with models",
      { settings: settings({ agents: { bot: { models: { b: "x" } } } }), options: { agent: "bot" } },
      "abc",
    ],
    [
      "unchanged by an unknown agent",
      { settings: settings({ agents: { bot: { provider: "b" } } }), options: { agent: "toString" } },
      "abc",
    ],
  ])("%s", (_, input, order) => {
    expect(idsOf(input).join("")).toBe(order);
  });

  it("marks the link that the agent's settings prefer", () => {
    const own = settings({ agents: { bot: { provider: "b" } } });
    const { providers: resolved } = resolve({ settings: own, options: { agent: "bot" } });
    expect(resolved.map(({ preferredByAgent }) => preferredByAgent)).toEqual([true, false, false]);
  });
});

describe("warns", () => {
  const retired = {
    old: { retiredAt: "2026-08-16", replacement: "new" },
    gone: { retiredAt: null, replacement: "new" },
  };
  it.each<[string, ResolveOptions, string[]]>([
    ["of nothing", {}, []],
    [
      "of an unknown id in the order",
      { settings: settings({ order: ["x"] }) },
      ['settings.order names "x", which is not a provider of this client'],
    ],
    [
      "of an unknown id in the providers",
      { settings: settings({ providers: { x: {} } }) },
      ['settings.providers names "x", which is not a provider of this client'],
    ],
    [
      "of an unknown id of the agent",
      { settings: settings({ agents: { bot: { provider: "x" } } }), options: { agent: "bot" } },
      ['settings.agents["bot"] names "x", which is not a provider of this client'],
    ],
    ["not of another agent", { settings: settings({ agents: { bot: { provider: "x" } } }) }, []],
    [
      "of a retired model, with its replacement",
      { providers: [mockProvider({ id: "a", retired })], options: { models: { a: "old" } } },
      ['a: model "old" is retired as of 2026-08-16; use "new"'],
    ],
    [
      "of a removed model",
      { providers: [mockProvider({ id: "a", retired })], env: { A_MODEL: "gone" } },
      ['a: model "gone" is retired; use "new"'],
    ],
    [
      "not of a model named like a method",
      { providers: [mockProvider({ id: "a", retired, model: "constructor" })] },
      [],
    ],
  ])("%s", (_, input, warnings) => {
    expect(resolve(input).warnings).toEqual(warnings);
  });
});

describe("a provider is", () => {
  const one = (input: ResolveOptions, id: string) =>
    resolve(input).providers.find(({ provider }) => provider.id === id);
  it("enabled by default, and disabled by the settings", () => {
    expect(one({}, "a")).toMatchObject({ enabled: true, configured: true });
    expect(one({ settings: settings({ providers: { a: { enabled: false } } }) }, "a")?.enabled).toBe(false);
    expect(one({ settings: settings({ providers: { a: { enabled: true } } }) }, "a")?.enabled).toBe(true);
  });

  it("configured by its key or by the credentials of the call", () => {
    expect(one({}, "c")).toMatchObject({ configured: false, credentials: null });
    const credentials = { c: { apiKey: "tenant-key" } };
    expect(one({ options: { credentials } }, "c")).toMatchObject({ configured: true, credentials: credentials.c });
  });

  it("validated with the credentials of the call", () => {
    const calls: unknown[] = [];
    const problem = { path: "A_BASE_URL", expected: "a URL" };
    const provider = {
      ...mockProvider({ id: "a" }),
      configProblems(...args: unknown[]) {
        calls.push(args);
        return [problem];
      },
    };
    const env = { A_BASE_URL: "nonsense" };
    expect(one({ providers: [provider], env }, "a")?.problems).toEqual([problem]);
    expect(calls).toEqual([[env, null]]);
  });
});

it("accepts any valid id, also the name of an inherited property", () => {
  const named = ["constructor", "valueof"].map((id) => mockProvider({ id }));
  const resolved = resolve({ providers: named, options: { models: {}, credentials: {}, agent: "constructor" } });
  expect(resolved.providers.map(({ model, credentials }) => [model, credentials])).toEqual([
    ["constructor-model", null],
    ["valueof-model", null],
  ]);
  const own = settings({ agents: { bot: { models: {} } } });
  expect(modelOf({ providers: named, settings: own, options: { agent: "bot" } }, "constructor")).toEqual([
    "constructor-model",
    "default",
  ]);
});
