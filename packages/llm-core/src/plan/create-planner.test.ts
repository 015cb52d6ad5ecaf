import { type MockProviderOptions, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { ModelCapabilities } from "../contract/provider.ts";
import {
  EMPTY_SETTINGS,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "../contract/settings.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const settings = (value: Partial<SystemSettings>): SystemSettings => ({ ...EMPTY_SETTINGS, ...value });
const snapshot = (value: Partial<SystemSettings>, version: number | null): SettingsSnapshot => ({
  value: settings(value),
  version,
});
const provider = (id: string, options: MockProviderOptions = {}) => mockProvider({ id, ...options });
const byKey = (id: string) => provider(id, { configured: (env) => Boolean(env[`${id.toUpperCase()}_API_KEY`]) });

describe("plan() is what a call does", () => {
  const chains: readonly [string, Parameters<typeof testBed>[1], CallOptions][] = [
    ["as the code says", {}, {}],
    ["in the order of the settings", { settings: settings({ order: ["c", "x", "a"] }) }, {}],
    ["without what is switched off", { settings: settings({ providers: { a: { enabled: false } } }) }, {}],
    ["with the models of the settings", { settings: settings({ providers: { b: { model: "org/b:v2" } } }) }, {}],
    [
      "with the agent's link in front",
      { settings: settings({ agents: { bot: { provider: "c", model: "mine" } } }) },
      { agent: "bot" },
    ],
    [
      "with the agent's models",
      { settings: settings({ agents: { bot: { models: { a: "mine" } } } }) },
      { agent: "bot" },
    ],
    ["with the call's models", {}, { models: { b: "call-b" } }],
    ["pinned", {}, { provider: "b" }],
    [
      "with the call's own settings",
      { settings: settings({ order: ["b"] }) },
      { settings: settings({ order: ["c"], providers: { a: { enabled: false } } }) },
    ],
  ];
  it.each(chains)("%s", async (_, options, callOptions) => {
    const fails = { error: failure("context_length") };
    const bed = testBed({ a: fails, b: fails, c: fails }, options);
    const plan = await bed.llm.plan(callOptions);
    expect(bed.llm.peekPlan(callOptions)).toEqual(plan);
    const error = await bed.error(bed.llm.generateText({ ...ask, ...callOptions }));
    const tried = error.attempts.map(({ provider: id, model }) => [id, model]);
    expect(plan.links.map(({ provider: id, model }) => [id, model])).toEqual(tried);
    expect([...plan.links, ...plan.skipped].map(({ provider: id }) => id).toSorted()).toEqual(["a", "b", "c"]);
    expect(bed.records[0]?.warnings).toEqual(plan.warnings);
    expect(await bed.llm.plan({ ...ask, ...callOptions })).toMatchObject({ links: plan.links });
  });

  it("calls nobody", async () => {
    const bed = testBed({ a: {} });
    await bed.llm.plan();
    await bed.llm.plan(ask);
    bed.llm.peekPlan(ask);
    expect([bed.called, bed.records, bed.logs]).toEqual([[], [], []]);
  });
});

it("says why each link is where it is, and why each other one is not there", async () => {
  const bed = testBed(
    {
      agents: provider("agents"),
      factory: provider("factory", { model: "f" }),
      stored: provider("stored"),
      variable: provider("variable"),
      off: provider("off"),
      keyless: provider("keyless", { configured: false }),
      nokey: provider("nokey", { configured: false, envKey: null }),
    },
    {
      env: { VARIABLE_MODEL: "v" },
      settings: settings({
        providers: { off: { enabled: false }, stored: { model: "s" } },
        agents: { bot: { provider: "agents", model: "m" } },
      }),
    },
  );
  const plan = await bed.llm.plan({ agent: "bot", models: { off: "x" } });
  expect(plan.links).toEqual([
    { provider: "agents", model: "m", reason: "choice of the agent's settings, model of the agent's settings" },
    { provider: "factory", model: "f", reason: "model of the code" },
    { provider: "stored", model: "s", reason: "model of the settings" },
    { provider: "variable", model: "v", reason: "model of the environment" },
  ]);
  expect(plan.skipped).toEqual([
    { provider: "off", reason: "switched off in the settings" },
    { provider: "keyless", reason: "no key: set KEYLESS_API_KEY" },
    { provider: "nokey", reason: "not configured" },
  ]);
  expect((await bed.llm.plan({ provider: "stored", models: { stored: "c" } })).links).toEqual([
    { provider: "stored", model: "c", reason: "model of the call" },
  ]);
});

describe("what changes the meaning is never dropped: the link is left out", () => {
  const user = (part: object): CallOptions => ({ messages: [{ role: "user", content: [part as never] }] });
  const tools = { look: { inputSchema: { type: "object" } } };
  const schema = { type: "json-schema", name: "x", schema: {}, strict: true } as const;
  const cases: readonly [string, Partial<ModelCapabilities>, CallOptions, string][] = [
    ["images", { images: false }, user({ type: "image", url: "https://example.com/i.png" }), "images"],
    ["files", { files: false }, user({ type: "file", data: "aGk=", mediaType: "application/pdf" }), "files"],
    ["tools", { tools: false }, { ...ask, tools }, "tools"],
    ["a forced tool choice", { forcedToolChoice: false }, { ...ask, tools, toolChoice: "required" }, "toolChoice"],
    [
      "a tool chosen by name",
      { forcedToolChoice: false },
      { ...ask, tools, toolChoice: { tool: "look" } },
      "toolChoice",
    ],
    ["a schema", { schema: ["json-mode", "tool", "prompt"] }, { ...ask, responseFormat: schema }, "responseFormat"],
    [
      "a schema with tools",
      { schemaWithTools: false },
      { ...ask, responseFormat: schema, tools },
      "responseFormat with tools",
    ],
    ["JSON", { schema: ["prompt"] }, { ...ask, responseFormat: { type: "json" } }, "responseFormat"],
  ];
  it.each(cases)("%s", async (_, capabilities, options, told) => {
    const bed = testBed({ a: provider("a", { capabilities }), b: {} });
    expect(await bed.llm.plan(options)).toMatchObject({
      links: [{ provider: "b" }],
      skipped: [{ provider: "a", reason: `unsupported: ${told}` }],
    });
    expect((await bed.value(bed.llm.generateText(options))).provider).toBe("b");
    const error = await bed.error(bed.llm.generateText({ ...options, provider: "a" }));
    expect(error).toMatchObject({
      code: "no_provider",
      skipped: expect.arrayContaining([{ provider: "a", reason: `unsupported: ${told}` }]),
    });
  });

  it.each<[string, Partial<ModelCapabilities>, CallOptions]>([
    ["tools that need not be called", { forcedToolChoice: false }, { ...ask, tools, toolChoice: "auto" }],
    ["an empty set of tools", { tools: false }, { ...ask, tools: {} }],
    ["a schema that is not enforced", { schema: ["loose", "prompt"] }, { ...ask, responseFormat: schema }],
  ])("but not for %s", async (_, capabilities, options) => {
    const bed = testBed({ a: provider("a", { capabilities }) });
    expect((await bed.value(bed.llm.generateText(options))).provider).toBe("a");
  });
});

describe("the environment", () => {
  it("is read at each plan and never written", async () => {
    const env: Record<string, string> = {};
    const frozen = new Proxy(env, {
      set: () => {
        throw new Error("the environment was written");
      },
    });
    const bed = testBed({ a: byKey("a"), b: byKey("b") }, { env: frozen });
    expect((await bed.llm.plan()).links).toEqual([]);
    env.B_API_KEY = "key-b";
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
    env.A_API_KEY = "key-a";
    env.A_MODEL = "model-of-env";
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a", model: "model-of-env" });
    delete env.A_API_KEY;
    expect((await bed.llm.plan()).links.map(({ provider: id }) => id)).toEqual(["b"]);
  });

  it("is the process's own where none is given", async () => {
    const bed = testBed({ a: provider("a", { envModel: "NODE_ENV" }) }, { env: undefined });
    expect((await bed.llm.plan()).links[0]?.model).toBe(process.env.NODE_ENV);
  });
});

describe("a settings source", () => {
  it("is read at each plan; its version is told", async () => {
    let latest = snapshot({ order: ["b"] }, 1);
    const bed = testBed({ a: {}, b: {} }, { settings: { get: async () => latest } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "b", settingsVersion: 1 });
    latest = snapshot({ order: ["a"] }, 2);
    expect(await bed.llm.plan()).toMatchObject({ links: [{ provider: "a" }, {}], settingsVersion: 2 });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a", settingsVersion: 2 });
    expect(bed.records.map(({ settingsVersion }) => settingsVersion)).toEqual([1, 2]);
  });

  it("is not waited for when it has a snapshot at hand", async () => {
    const source: SettingsSource = {
      peek: () => snapshot({ order: ["b"] }, 7),
      get: () => Promise.reject(new Error("not to be asked")),
    };
    const bed = testBed({ a: {}, b: {} }, { settings: source });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({
      provider: "b",
      settingsVersion: 7,
      warnings: [],
    });
    expect(bed.llm.peekPlan()).toMatchObject({ links: [{ provider: "b" }, {}], settingsVersion: 7 });
  });

  it.each<[string, () => Promise<SettingsSnapshot>]>([
    ["rejects", () => Promise.reject(new Error("the disk is gone"))],
    [
      "throws",
      () => {
        throw new Error("the disk is gone");
      },
    ],
    ["gives nothing", async () => undefined as never],
  ])("that %s costs no call: the latest known settings hold, and it is said once", async (_, broken) => {
    let get = async () => snapshot({ order: ["b"] }, 3);
    const bed = testBed({ a: {}, b: {} }, { settings: { get: () => get() } });
    await bed.value(bed.llm.generateText(ask));
    get = broken;
    const warning = "the settings could not be read: the latest known ones held";
    for (let time = 0; time < 2; time += 1) {
      const result = await bed.value(bed.llm.generateText(ask));
      expect(result).toMatchObject({ provider: "b", settingsVersion: 3, warnings: [warning] });
    }
    expect(bed.logs.filter(({ level }) => level === "warn")).toMatchObject([
      { message: "the settings cannot be read: the latest known ones hold" },
    ]);
    get = async () => snapshot({}, 4);
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({
      provider: "a",
      settingsVersion: 4,
      warnings: [],
    });
  });

  it("that fails from the beginning changes nothing", async () => {
    const bed = testBed({ a: {}, b: {} }, { settings: { get: () => Promise.reject(new Error("gone")) } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "a", settingsVersion: null });
  });

  it("whose peek throws is asked, and changes nothing when that fails, too", async () => {
    const peek = () => {
      throw new Error("gone");
    };
    const bed = testBed({ a: {}, b: {} }, { settings: { peek, get: async () => snapshot({ order: ["b"] }, 5) } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ provider: "b", settingsVersion: 5 });
    expect(bed.llm.peekPlan()).toMatchObject({ links: [{ provider: "b" }, {}], settingsVersion: 5 });
  });

  it("that hangs does not outlast the deadline or an abort", async () => {
    const bed = testBed({ a: {} }, { settings: { get: () => new Promise(() => {}) } });
    const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 500 } }));
    expect(error?.code).toBe("deadline");
    expect(atMs).toBe(500);
    const call = bed.watch(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }));
    await bed.clock.advance(5);
    bed.controller.abort();
    expect((await bed.error(call)).code).toBe("aborted");
  });

  it("that hangs is waited for two seconds, and then the call goes on with what is known", async () => {
    const answers = [async () => snapshot({ order: ["b"] }, 5), () => new Promise<SettingsSnapshot>(() => {})];
    const bed = testBed({ a: {}, b: {} }, { settings: { get: () => answers.shift()?.() ?? new Promise(() => {}) } });
    expect((await bed.value(bed.llm.generateText(ask))).provider).toBe("b");
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect(value).toMatchObject({ provider: "b", settingsVersion: 5 });
    expect(value?.warnings).toEqual(["the settings could not be read: the latest known ones held"]);
    expect(atMs).toBeGreaterThanOrEqual(2_000);
    expect(atMs).toBeLessThan(2_200);
  });

  it("that answers late does not take back what came after it", async () => {
    const answers: ((snapshot: SettingsSnapshot) => void)[] = [];
    const bed = testBed(
      { a: {}, b: {} },
      { settings: { get: () => new Promise((resolve) => void answers.push(resolve)) } },
    );
    const [older, newer] = [bed.llm.plan(), bed.llm.plan()];
    answers[1]?.(snapshot({ order: ["b"] }, 2));
    await newer;
    answers[0]?.(snapshot({}, 1));
    await older;
    expect(bed.llm.peekPlan()).toMatchObject({ links: [{ provider: "b" }, {}], settingsVersion: 2 });
  });

  it("is not asked for a call with settings of its own", async () => {
    const bed = testBed({ a: {}, b: {} }, { settings: { get: () => Promise.reject(new Error("not to be asked")) } });
    const result = await bed.value(bed.llm.generateText({ ...ask, settings: settings({ order: ["b"] }) }));
    expect(result).toMatchObject({ provider: "b", settingsVersion: null, warnings: [] });
  });
});

describe("a key or a base URL that cannot be right", () => {
  const broken = (id: string) => ({
    ...provider(id),
    configProblems: () => [{ path: `${id.toUpperCase()}_BASE_URL`, expected: "an https URL" }],
  });
  it("is invalid_input before any request, with the path", async () => {
    const bed = testBed({ a: {}, b: broken("b") });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(error).toMatchObject({ code: "invalid_input", path: "B_BASE_URL", expected: "an https URL" });
    expect(bed.called).toEqual([]);
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "invalid_input" }, attempts: [] }]);
    expect((await bed.llm.plan()).skipped).toEqual([
      { provider: "b", reason: "invalid B_BASE_URL: expected an https URL" },
    ]);
  });

  it.each<[string, CallOptions, object]>([
    ["the call is pinned to another", { provider: "a" }, {}],
    ["the provider is switched off", {}, { settings: settings({ providers: { b: { enabled: false } } }) }],
  ])("does no harm where %s", async (_, options, clientOptions) => {
    const bed = testBed({ a: {}, b: broken("b") }, clientOptions);
    expect((await bed.value(bed.llm.generateText({ ...ask, ...options }))).provider).toBe("a");
  });
});

it("says who serves when that changes, for calls that leave the choice to the chain", async () => {
  let latest: SystemSettings = settings({ agents: { bot: { provider: "b" } } });
  const bed = testBed(
    { a: provider("a", { name: "Alpha" }), b: provider("b", { name: "Beta" }) },
    { settings: { get: async () => ({ value: latest, version: null }) } },
  );
  const say = async (options: CallOptions = {}) => {
    await bed.value(bed.llm.generateText({ ...ask, ...options }));
    return bed.logs.map(({ message }) => message);
  };
  expect(await say()).toEqual(["Using Alpha inference API (primary)"]);
  await say();
  await say({ provider: "b" });
  await say({ agent: "bot" });
  expect(await say({ settings: settings({ order: ["b"] }) })).toHaveLength(1);
  latest = settings({ order: ["b"] });
  expect((await say()).slice(1)).toEqual(["Using Beta inference API (primary)"]);
  expect(bed.logs[1]).toMatchObject({ level: "info", fields: { provider: "b", model: "b-model" } });
});
