import { type FixedArm, fixedRouter, type MockStep } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { CallRouter, Exposure } from "../contract/call-router.ts";
import type { SystemSettings } from "../contract/settings.ts";
import { LLMError } from "../errors/llm-error.ts";
import { testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const settingsOf = (over: Partial<SystemSettings>): SystemSettings => ({
  order: null,
  providers: {},
  agents: {},
  ...over,
});
const tuned: FixedArm = { experiment: "npc-model", arm: "tuned", provider: "b", model: "b-tuned" };

const links = async (arms: FixedArm[], settings: Partial<SystemSettings> = {}, options: Partial<CallOptions> = {}) => {
  const bed = testBed({ a: {}, b: {}, c: {} }, { router: fixedRouter(arms), settings: settingsOf(settings) });
  const plan = await bed.llm.plan(options);
  return plan.links.map(({ provider, model, reason }) => [provider, model, reason]);
};
const DEFAULT = "default model";
const ARM = "experiment npc-model, arm tuned";

describe("the precedence of an experiment arm is", () => {
  it.each<[string, FixedArm[], Partial<SystemSettings>, Partial<CallOptions>, string[][]]>([
    [
      "in front of the chain",
      [tuned],
      {},
      {},
      [
        ["b", "b-tuned", ARM],
        ["a", "a-model", DEFAULT],
        ["c", "c-model", DEFAULT],
      ],
    ],
    [
      "above the settings' model and order",
      [tuned],
      { order: ["c", "b"], providers: { b: { model: "b-stored" } } },
      {},
      [
        ["b", "b-tuned", ARM],
        ["c", "c-model", DEFAULT],
        ["a", "a-model", DEFAULT],
      ],
    ],
    [
      "below the model of the call",
      [tuned],
      {},
      { models: { b: "b-call" } },
      [
        ["b", "b-call", `${ARM}, model of the call`],
        ["a", "a-model", DEFAULT],
        ["c", "c-model", DEFAULT],
      ],
    ],
    [
      "below the agent's own choice",
      [tuned],
      { agents: { npc: { provider: "c", model: "c-own" } } },
      { agent: "npc" },
      [
        ["c", "c-own", "choice of the agent's settings, model of the agent's settings"],
        ["a", "a-model", DEFAULT],
        ["b", "b-tuned", ARM],
      ],
    ],
    [
      "below the agent's own models",
      [tuned],
      { agents: { npc: { models: { b: "b-own" } } } },
      { agent: "npc" },
      [
        ["b", "b-own", `${ARM}, model of the agent's settings`],
        ["a", "a-model", DEFAULT],
        ["c", "c-model", DEFAULT],
      ],
    ],
    [
      "with models by provider, the order as it is",
      [{ experiment: "npc-model", arm: "tuned", models: { a: "a-arm", c: "c-arm" } }],
      {},
      {},
      [
        ["a", "a-arm", ARM],
        ["b", "b-model", DEFAULT],
        ["c", "c-arm", ARM],
      ],
    ],
    [
      "first of several that name one",
      [tuned, { arm: "other", provider: "c", models: { b: "b-other", c: "c-other" } }],
      {},
      {},
      [
        ["b", "b-tuned", ARM],
        ["a", "a-model", DEFAULT],
        ["c", "c-other", "experiment experiment, arm other"],
      ],
    ],
    [
      "for no effect if it is empty",
      [{ arm: "control" }],
      {},
      {},
      [
        ["a", "a-model", DEFAULT],
        ["b", "b-model", DEFAULT],
        ["c", "c-model", DEFAULT],
      ],
    ],
    [
      "for nothing, where it names a model without a provider",
      [{ arm: "x", model: "m" }],
      {},
      {},
      [
        ["a", "a-model", DEFAULT],
        ["b", "b-model", DEFAULT],
        ["c", "c-model", DEFAULT],
      ],
    ],
  ])("%s", async (_, arms, settings, options, expected) => {
    expect(await links(arms, settings, options)).toEqual(expected);
  });
});

it("a call is assigned once, and its record has the assignments", async () => {
  const router = fixedRouter([tuned]);
  const settings = settingsOf({ providers: { c: { enabled: false } } });
  const bed = testBed({ a: {}, b: {}, c: {} }, { router, settings });
  const tagged = { agent: "npc", purpose: "chat", tenant: "t1", unit: { session: "s1" } };
  const result = await bed.value(bed.llm.generateText({ ...ask, ...tagged, callId: "c1" }));
  expect(result).toMatchObject({ provider: "b", model: "b-tuned" });
  expect(router.inputs).toEqual([{ settings, ...tagged, callId: "c1" }]);
  expect(bed.records[0]?.experiments).toEqual([
    {
      version: 1,
      bucket: 0,
      probability: 1,
      ...tuned,
      intended: { provider: "b", model: "b-tuned" },
      served: "intended",
    },
  ]);
});

it("a call without a callId option is assigned by its generated id", async () => {
  const router = fixedRouter([]);
  const bed = testBed({ a: {} }, { router });
  const { callId } = await bed.value(bed.llm.generateText(ask));
  await bed.llm.plan();
  expect(router.inputs.map((input) => input.callId)).toEqual([callId, null]);
  expect(bed.records[0]).not.toHaveProperty("experiments");
});

it("two calls in different arms get different plans", async () => {
  const router = fixedRouter(({ callId }) => [{ ...tuned, arm: `${callId}`, model: `b-${callId}` }]);
  const bed = testBed({ a: {}, b: {} }, { router });
  const models = [];
  for (const callId of ["x", "y", "x"]) models.push((await bed.value(bed.llm.generateText({ ...ask, callId }))).model);
  expect(models).toEqual(["b-x", "b-y", "b-x"]);
  expect((await bed.llm.plan({ callId: "x" })).links[0]?.reason).toBe("experiment npc-model, arm x");
});

it("an arm with an unknown provider adds a warning and leaves the chain unchanged", async () => {
  const bed = testBed({ a: {} }, { router: fixedRouter([{ arm: "x", provider: "z", model: "m" }]) });
  const { provider, warnings } = await bed.value(bed.llm.generateText(ask));
  expect([provider, warnings]).toEqual([
    "a",
    ['experiment "experiment" names "z", which is not a provider of this client'],
  ]);
});

it.each<[string, readonly FixedArm[], boolean]>([
  ["of a call in an experiment are not hedged", [{ arm: "control" }], false],
  ["are hedged if the arm is that of all calls", [{ arm: "tuned", isRollout: true }], true],
  ["are not hedged if one of two experiments compares arms", [{ arm: "x", isRollout: true }, { arm: "y" }], false],
])("attempts %s", async (_, arms, isHedged) => {
  const warm = Array<MockStep>(10).fill({ delayMs: 200 });
  const router = fixedRouter(({ agent }) => (agent === "npc" ? arms : []));
  const bed = testBed({ a: [...warm, { delayMs: 2_000 }], b: {} }, { router, hedge: true });
  for (let made = 0; made < 10; made += 1) await bed.value(bed.llm.generateText(ask));
  const { attempts } = await bed.value(bed.llm.generateText({ ...ask, agent: "npc" }));
  expect(attempts).toHaveLength(isHedged ? 2 : 1);
  if (!isHedged) expect((await bed.value(bed.llm.generateText(ask))).attempts).toHaveLength(2);
});

describe("the call continues without assignment if the router", () => {
  // Invalid types, which plain JavaScript permits.
  const wrong = (value: unknown) => value as never;
  it.each<[string, CallRouter["assign"]]>([
    [
      "throws",
      () => {
        throw new TypeError("a secret");
      },
    ],
    ["returns null", () => wrong(null)],
    ["is asynchronous, and fails", wrong(async () => Promise.reject(new TypeError("a secret")))],
    ["returns something else", () => wrong([{ arm: 1 }])],
    ["returns an empty model", () => wrong([{ experiment: "e", arm: "x", provider: "a", model: "" }])],
  ])("%s", async (_, assign) => {
    const bed = testBed({ a: {} }, { router: { assign } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ model: "a-model" });
    expect(bed.logs).toMatchObject([{ message: "the router failed", fields: { method: "assign" } }, {}]);
    expect(JSON.stringify(bed.logs)).not.toContain("secret");
  });
});

describe("an assignment that the call is excluded from", () => {
  it("does not apply, and is in the plan and in the record with its reason", async () => {
    const bed = testBed({ a: {}, b: {} }, { router: fixedRouter([{ ...tuned, excluded: "pinned" }]) });
    const plan = await bed.llm.plan();
    expect(plan.links[0]).toMatchObject({ provider: "a", reason: DEFAULT });
    expect(plan.experiments).toMatchObject([{ experiment: "npc-model", arm: "tuned", excluded: "pinned" }]);
    await bed.value(bed.llm.generateText(ask));
    expect(bed.records[0]?.experiments).toMatchObject([
      { excluded: "pinned", intended: { provider: "a", model: "a-model" }, served: "intended" },
    ]);
  });

  it("is not in a plan without a router", async () => {
    expect(await testBed({ a: {} }).llm.plan()).not.toHaveProperty("experiments");
  });
});

describe("an exposure says whether the intended link", () => {
  const down: MockStep = { error: new LLMError({ code: "server", message: "down", status: 503 }) };
  it.each<[string, FixedArm, Partial<SystemSettings>, MockStep[], Partial<Exposure>]>([
    ["answered", tuned, {}, [{}], { intended: { provider: "b", model: "b-tuned" }, served: "intended" }],
    ["failed", tuned, {}, [down], { intended: { provider: "b", model: "b-tuned" }, served: "fallback" }],
    [
      "was skipped",
      tuned,
      { providers: { b: { enabled: false } } },
      [{}],
      { intended: { provider: "b", model: "b-tuned" }, served: "fallback" },
    ],
    [
      "is the first of the chain",
      { arm: "x" },
      {},
      [{}],
      { intended: { provider: "a", model: "a-model" }, served: "intended" },
    ],
    ["is of no known provider", { arm: "x", provider: "z" }, {}, [{}], { intended: null, served: "fallback" }],
  ])("%s", async (_, arm, settings, steps, expected) => {
    const bed = testBed(
      { a: {}, b: steps },
      { router: fixedRouter([arm]), settings: settingsOf(settings), retry: { maxRetries: 0 } },
    );
    await bed.value(bed.llm.generateText(ask));
    expect(bed.records[0]?.experiments).toMatchObject([expected]);
  });

  it("did not answer, and no other did", async () => {
    const bed = testBed({ a: [down] }, { router: fixedRouter([{ arm: "x" }]), retry: { maxRetries: 0 } });
    await bed.error(bed.llm.generateText(ask));
    expect(bed.records[0]?.experiments).toMatchObject([{ served: "none" }]);
  });
});
