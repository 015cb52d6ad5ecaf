import { type FixedPricer, fixedCost, fixedPricer, type MockStep } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { systemClock } from "../contract/clock.ts";
import type { Cost } from "../contract/cost.ts";
import { silentLogger } from "../contract/logger.ts";
import { failure, testBed } from "../test-support/test-bed.ts";
// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/array/generate-array.ts";
import { addCosts, NO_COST, UNKNOWN_COST } from "./add-costs.ts";
import { createPricing } from "./pricing.ts";
import { createSeamGuard } from "./seam-guard.ts";

const ask = { prompt: "hello" };
const unknown: Cost = { ...fixedCost(0), nanoUsd: null, lowNanoUsd: 3, highNanoUsd: 9, source: "override" };

describe("a sum of costs", () => {
  it.each<[string, Cost[], Partial<Cost>]>([
    ["of no attempts is zero", [], { nanoUsd: 0, lowNanoUsd: 0, highNanoUsd: 0 }],
    [
      "of known ones is known",
      [fixedCost(2), fixedCost(5)],
      { nanoUsd: 7, lowNanoUsd: 7, highNanoUsd: 7, source: "list" },
    ],
    ["with an unknown one has bounds", [fixedCost(2), unknown], { nanoUsd: null, lowNanoUsd: 5, highNanoUsd: 11 }],
    [
      "with one of which nothing is known has a lower bound",
      [fixedCost(2), UNKNOWN_COST],
      { nanoUsd: null, lowNanoUsd: 2, highNanoUsd: null, source: "none" },
    ],
    [
      "is as certain as its least certain part",
      [{ ...fixedCost(1), source: "provider" }, unknown],
      { source: "override" },
    ],
    ["has a day where all have the same", [fixedCost(1), fixedCost(1)], { effective: "2026-01-01" }],
    ["has none where they differ", [fixedCost(1), { ...fixedCost(1), effective: null }], { effective: null }],
  ])("%s", (_, costs, sum) => {
    expect(costs.reduce(addCosts, NO_COST)).toMatchObject(sum);
  });
});

it("prices each attempt for its tenant; result and record have the sum", async () => {
  const pricer = fixedPricer(({ provider }) => fixedCost(provider === "a" ? 5 : 70));
  const bed = testBed({ a: { error: failure("auth") }, b: {} }, { pricer });
  const result = await bed.value(bed.llm.generateText({ ...ask, tenant: "t1" }));
  expect(result.cost).toEqual(fixedCost(75));
  expect(result.attempts.map(({ cost }) => cost?.nanoUsd)).toEqual([5, 70]);
  expect(bed.records).toMatchObject([
    { cost: fixedCost(75), attempts: [{ cost: fixedCost(5) }, { cost: fixedCost(70) }] },
  ]);
  expect(pricer.priced.map(({ tenant }) => tenant)).toEqual(["t1", "t1"]);
});

it("prices failed attempts", async () => {
  const bed = testBed({ a: { error: failure("auth") } }, { pricer: fixedPricer(5) });
  const error = await bed.error(bed.llm.generateText(ask));
  expect(error.attempts).toMatchObject([{ cost: fixedCost(5) }]);
  expect(bed.records).toMatchObject([{ outcome: "failed", cost: fixedCost(5) }]);
});

it("a call that shares the answer of another costs 0", async () => {
  const bed = testBed({ a: { delayMs: 10 } }, { pricer: fixedPricer(5), coalesce: true });
  const [own, joined] = await bed.value(Promise.all([bed.llm.generateText(ask), bed.llm.generateText(ask)]));
  expect([own?.cost?.nanoUsd, joined?.cost?.nanoUsd]).toEqual([5, 0]);
  expect(bed.records.map(({ cost }) => cost?.nanoUsd).toSorted()).toEqual([0, 5]);
});

it("an array call with several requests costs their sum", async () => {
  const element = z.object({ id: z.number() });
  const text = (from: number): MockStep => ({ text: JSON.stringify([{ id: from }, { id: from + 1 }]) });
  const bed = testBed({ a: [text(1), text(3)] }, { pricer: fixedPricer(5) });
  const expected = { count: 4 };
  const made = bed.llm.generateArray({ ...ask, element, expected, elementsPerRequest: 2, transport: "json" });
  const { cost, attempts } = await bed.value(made);
  expect([cost?.nanoUsd, attempts.length]).toEqual([10, 2]);
});

it("without a pricer the cost is null in the result and absent in the record", async () => {
  const bed = testBed({ a: {} });
  const result = await bed.value(bed.llm.generateText(ask));
  expect(result.cost).toBeNull();
  expect([result.attempts[0], bed.records[0]].some((each) => each !== undefined && "cost" in each)).toBe(false);
});

describe("the cost is unknown and the call succeeds if the pricer", () => {
  // Invalid types, which plain JavaScript permits.
  const wrong = (value: unknown) => value as Cost;
  it.each<[string, () => Cost]>([
    [
      "throws",
      () => {
        throw new TypeError("no");
      },
    ],
    ["returns nothing", () => wrong(undefined)],
    ["returns a promise", () => wrong(Promise.reject(new TypeError("no")))],
    ["returns a fraction", () => fixedCost(1.5)],
    ["returns NaN", () => fixedCost(Number.NaN)],
    ["returns dollars", () => wrong({ usd: 1 })],
  ])("%s", async (_, price) => {
    const bed = testBed({ a: {} }, { pricer: { price } });
    expect((await bed.value(bed.llm.generateText(ask))).cost).toEqual(UNKNOWN_COST);
  });
});

describe("a pricer that is loaded late", () => {
  it("is loaded by the first call, once, and prices it", async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return fixedPricer(5);
    };
    const bed = testBed({ a: {} }, { pricer: { load } });
    expect(loads).toBe(0);
    const costs = await bed.value(Promise.all([bed.llm.generateText(ask), bed.llm.generateText(ask)]));
    expect(costs.map(({ cost }) => cost)).toEqual([fixedCost(5), fixedCost(5)]);
    expect((await bed.value(bed.llm.generateText(ask))).cost).toEqual(fixedCost(5));
    expect(loads).toBe(1);
  });

  it("prices streams and arrays, too", async () => {
    const bed = testBed({ a: [{ text: "x" }, { text: "[1]" }] }, { pricer: { load: async () => fixedPricer(5) } });
    expect((await bed.value(bed.llm.streamText(ask).result)).cost).toEqual(fixedCost(5));
    const made = bed.llm.generateArray({ ...ask, element: z.number(), expected: { count: 1 }, transport: "json" });
    expect((await bed.value(made)).cost?.nanoUsd).toBe(5);
  });

  it.each<[string, () => Promise<FixedPricer>]>([
    ["rejects", () => Promise.reject(new TypeError("no"))],
    [
      "throws",
      () => {
        throw new TypeError("no");
      },
    ],
    // An invalid type, which plain JavaScript permits.
    ["is not a pricer", async () => ({ cost: 1 }) as unknown as FixedPricer],
  ])("leaves costs unknown and calls unharmed if it %s", async (_, load) => {
    const bed = testBed({ a: {} }, { pricer: { load } });
    expect((await bed.value(bed.llm.generateText(ask))).cost).toEqual(UNKNOWN_COST);
    expect((await bed.value(bed.llm.generateText(ask))).cost).toEqual(UNKNOWN_COST);
    expect(bed.logs.filter(({ message }) => message === "the pricer failed")).toHaveLength(1);
  });

  it("is waited for two seconds at most, and then prices the calls that end later", async () => {
    const { promise, resolve } = Promise.withResolvers<FixedPricer>();
    const bed = testBed({ a: {} }, { pricer: { load: () => promise } });
    const first = await bed.ending(bed.llm.generateText(ask));
    expect([first.value?.cost, first.atMs]).toEqual([UNKNOWN_COST, 2_000]);
    resolve(fixedPricer(5));
    expect((await bed.value(bed.llm.generateText(ask))).cost).toEqual(fixedCost(5));
  });

  it("does not hold a call that is aborted", async () => {
    const bed = testBed({ a: {} }, { pricer: { load: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const made = bed.llm.generateText({ ...ask, abortSignal: controller.signal });
    bed.watch(made.catch(() => {}));
    controller.abort();
    expect((await bed.ending(made)).atMs).toBe(0);
  });
});

it("a client without a pricer has nothing to prepare, and prices nothing", () => {
  const guard = createSeamGuard(systemClock, silentLogger);
  const none = createPricing(undefined, guard);
  expect(none.prepare()).toBeNull();
  expect(none.sum([])).toBeNull();
  // A pricer that is there from the start does not delay a call either.
  expect(createPricing(fixedPricer(5), guard).prepare()).toBeNull();
});
