import { type CallRecord, createLLMClient, isLLMError, type LLMClientOptions } from "@babylon/llm-core";
import {
  type FaultRule,
  type ProviderSimulator,
  SIMULATED_PROVIDERS,
  startProviderSimulator,
  WRONG_SHAPE_WAYS,
} from "@babylon/llm-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultProviders } from "../default-providers.ts";

interface Decision {
  readonly npcId: string;
  readonly action: "buy" | "sell" | "hold";
  readonly amount: number;
  readonly reason?: string;
}

const ACTIONS: readonly unknown[] = ["buy", "sell", "hold"];
/** Strict: no coercion, no other members. */
function isDecision(value: unknown): value is Decision {
  if (typeof value !== "object" || value === null) return false;
  const { npcId, action, amount, reason }: Partial<Record<keyof Decision, unknown>> = value;
  const reasonFits = reason === undefined || typeof reason === "string";
  return typeof npcId === "string" && ACTIONS.includes(action) && typeof amount === "number" && reasonFits;
}
const element = {
  jsonSchema: {
    type: "object",
    properties: {
      npcId: { type: "string" },
      action: { type: "string", enum: ["buy", "sell", "hold"] },
      amount: { type: "number" },
      reason: { type: "string" },
    },
    required: ["npcId", "action", "amount"],
  },
  validate: (value: unknown) =>
    isDecision(value) ? { value } : { issues: [{ message: `no decision: ${JSON.stringify(value)?.slice(0, 80)}` }] },
};
const ids = Array.from({ length: 64 }, (_, index) => `npc-${index + 1}`);
const idOf = ({ npcId }: Decision) => npcId;
const prompt = "Decide for every character of the market.";
const DEADLINE_MS = 5_000;

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator({ seed: 7 });
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

function clientWith(faults: readonly FaultRule[], records: CallRecord[], options: Partial<LLMClientOptions> = {}) {
  for (const { provider, fault, ...scope } of faults) simulator.setFault(provider, fault, scope);
  return createLLMClient({
    providers: defaultProviders(),
    env: simulator.env,
    recorders: [(record) => void records.push(record)],
    ...options,
  });
}

/** The invariants for every fault. */
function expectHonest(
  { items, missing }: { readonly items: readonly Decision[]; readonly missing: readonly string[] },
  records: readonly CallRecord[],
): void {
  expect(items.every(isDecision)).toBe(true);
  const given = items.map(idOf);
  expect(new Set(given).size).toBe(given.length);
  expect(given).toEqual(ids.filter((id) => given.includes(id)));
  expect([...given, ...missing].toSorted()).toEqual(ids.toSorted());
  expect(records).toHaveLength(1);
  expect(records[0]?.attempts).toHaveLength(simulator.requests.length);
}

describe("64 decisions from a simulator that is wrong 30 % of the time", () => {
  const wrongEverywhere = (probability: number): FaultRule[] =>
    SIMULATED_PROVIDERS.map((provider) => ({ provider, probability, fault: { kind: "wrong-shape" } }));

  it.each([16, 4, 64])(
    "in ten ways, %i to a request: all are there, or named as missing, in time",
    async (elementsPerRequest) => {
      const records: CallRecord[] = [];
      const llm = clientWith(wrongEverywhere(0.3), records);
      const started = performance.now();
      const result = await llm.generateArray({
        element,
        prompt,
        expected: { ids, idOf },
        elementsPerRequest,
        timeouts: { totalMs: DEADLINE_MS },
      });
      expect(performance.now() - started).toBeLessThan(DEADLINE_MS + 50);
      await llm.close();
      expectHonest(result, records);
      expect(result.items).toHaveLength(64);
    },
  );

  it.each(WRONG_SHAPE_WAYS)("always wrong in the way %s at the first provider", async (way) => {
    const records: CallRecord[] = [];
    const rule: FaultRule = { provider: "wandb", fault: { kind: "wrong-shape", ways: [way] } };
    const llm = clientWith([rule], records);
    const result = await llm.generateArray({
      element,
      prompt,
      expected: { ids, idOf },
      elementsPerRequest: 16,
      timeouts: { totalMs: DEADLINE_MS },
    });
    await llm.close();
    expectHonest(result, records);
    expect(result.items).toHaveLength(64);
  });

  it.each(SIMULATED_PROVIDERS)("with %s alone, wrong every second time", async (provider) => {
    const records: CallRecord[] = [];
    const rule: FaultRule = { provider, probability: 0.5, fault: { kind: "wrong-shape" } };
    const llm = clientWith([rule], records);
    const result = await llm.generateArray({
      element,
      prompt,
      provider,
      expected: { ids, idOf },
      elementsPerRequest: 8,
      timeouts: { totalMs: DEADLINE_MS },
    });
    await llm.close();
    expectHonest(result, records);
    expect(result.failures.flatMap(({ missing }) => missing)).toEqual(result.missing);
    expect(result.failures.every(({ error }) => isLLMError(error))).toBe(true);
  });

  it("streams each decision once", async () => {
    const records: CallRecord[] = [];
    const llm = clientWith(wrongEverywhere(0.3), records);
    const stream = llm.streamArray({ element, prompt, expected: { ids, idOf }, elementsPerRequest: 8 });
    const streamedIds: string[] = [];
    for await (const item of stream) streamedIds.push(idOf(item));
    const result = await stream.result;
    await llm.close();
    expectHonest(result, records);
    expect(streamedIds.toSorted()).toEqual(result.items.map(idOf).toSorted());
  });
});

describe("the strictness of each vendor", () => {
  const schema = {
    jsonSchema: {
      type: "object",
      properties: {
        title: { type: "string", minLength: 3, maxLength: 80 },
        score: { type: "number", minimum: 0, maximum: 1 },
        tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 4 },
        slant: { enum: ["left", "right", null] },
        source: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
      },
      required: ["title", "score", "tags"],
    },
    validate: (value: unknown) =>
      typeof value === "object" && value !== null && "title" in value && typeof value.title === "string"
        ? { value: { title: value.title } }
        : { issues: [{ message: "no title" }] },
  };
  const cases = SIMULATED_PROVIDERS.flatMap((provider) =>
    (["auto", "stream", "json"] as const).map((transport) => [provider, transport] as const),
  );

  it.each(cases)("%s takes the schema with transport %s", async (provider, transport) => {
    const llm = clientWith([], []);
    const result = await llm.generateObject({ schema, prompt, provider, transport });
    expect(result.object.title).not.toBe("");
    expect(result.attempts).toHaveLength(1);
    await llm.close();
  });

  it.each(SIMULATED_PROVIDERS)("%s streams an object", async (provider) => {
    const llm = clientWith([], []);
    const stream = llm.streamObject({ schema, prompt, provider });
    let snapshots = 0;
    for await (const _ of stream) snapshots += 1;
    expect(snapshots).toBeGreaterThan(0);
    expect((await stream.result).attempts).toHaveLength(1);
    await llm.close();
  });

  it.each(SIMULATED_PROVIDERS)("%s supports a recursive schema and a record", async (provider) => {
    const llm = clientWith([], []);
    const tree = {
      jsonSchema: {
        type: "object",
        properties: { id: { type: "string" }, scores: { type: "object", additionalProperties: { type: "number" } } },
        required: ["id"],
      },
      validate: (value: unknown) => ({ value }),
    };
    const result = await llm.generateObject({ schema: tree, prompt, provider });
    expect(result.object).toMatchObject({ id: expect.any(String) });
    await llm.close();
  });
});
