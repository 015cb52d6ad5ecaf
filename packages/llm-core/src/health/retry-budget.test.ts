import { createFakeClock, type FakeClock } from "@babylon/llm-testing";
import { beforeEach, expect, it } from "vitest";
import type { LinkRef } from "../contract/link.ts";
import { createRetryBudget, type RetryBudget } from "./retry-budget.ts";

const link: LinkRef = { provider: "a", model: "m", credential: "k" };
const other: LinkRef = { ...link, model: "m2" };

let clock: FakeClock;
let budget: RetryBudget;
beforeEach(() => {
  clock = createFakeClock();
  budget = createRetryBudget(clock);
});

function request(times: number, on: LinkRef = link): void {
  for (let time = 0; time < times; time += 1) budget.count(on, clock.monotonic());
}

function takeAll(on: LinkRef = link): number {
  let taken = 0;
  while (budget.take(on)) taken += 1;
  return taken;
}

it.each([
  [0, 3],
  [1, 3],
  [39, 3],
  [40, 4],
  [1_000, 100],
])("after %i requests it allows %i retries", (requests, retries) => {
  request(requests);
  expect(budget.has(link)).toBe(true);
  expect(takeAll()).toBe(retries);
  expect(budget.has(link)).toBe(false);
});

it("is one for each link", () => {
  request(100);
  expect([takeAll(), takeAll(other)]).toEqual([10, 3]);
});

it("drops requests and retries after ten seconds, per second", async () => {
  request(100);
  await clock.advance(5_000);
  request(200);
  expect(takeAll()).toBe(30);
  await clock.advance(4_999);
  expect(takeAll()).toBe(0);
  // The first hundred requests are out of the window, all retries in it.
  await clock.advance(1);
  expect(takeAll()).toBe(0);
  await clock.advance(5_000);
  expect(takeAll()).toBe(3);
});

it("starts again after a long time without requests", async () => {
  request(1_000);
  takeAll();
  await clock.advance(3_600_000);
  expect(takeAll()).toBe(3);
});

it("limits the number of stored links", async () => {
  for (let model = 0; model < 1_000; model += 1) request(1, { ...link, model: `m${model}` });
  await clock.advance(20_000);
  request(50);
  request(1, other);
  expect(takeAll()).toBe(5);
});
