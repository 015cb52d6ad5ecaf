import { createFakeClock } from "@babylon/llm-testing";
import { expect, it } from "vitest";
import type { LinkRef } from "../contract/link.ts";
import { DEFAULT_BREAKER } from "./breaker-config.ts";
import { createBreaker } from "./create-breaker.ts";
import { createHealthViews } from "./health-views.ts";
import { createLinkStats } from "./link-stats.ts";

const link: LinkRef = { provider: "a", model: "m", credential: "k" };

function bed() {
  const fake = createFakeClock();
  let setMs = 0;
  const clock = { ...fake, now: () => fake.now() + setMs };
  const breaker = createBreaker(DEFAULT_BREAKER, clock);
  const stats = createLinkStats(clock);
  const setWallClock = (ms: number) => {
    setMs += ms;
  };
  return { clock, breaker, stats, setWallClock, view: createHealthViews(breaker, stats, clock) };
}

it("is the same object until the state of a link changes", async () => {
  const { breaker, clock, view } = bed();
  const before = view();
  expect(before.stateOf(link).state).toBe("closed");
  expect(view()).toBe(before);
  breaker.rest(link, 1_000, "spent");
  const resting = view();
  expect(resting).not.toBe(before);
  expect(resting.stateOf(link)).toMatchObject({ state: "resting", untilEpochMs: clock.now() + 1_000 });
  await clock.advance(999);
  expect(view()).toBe(resting);
  await clock.advance(1);
  expect(view()).not.toBe(resting);
  expect(view().stateOf(link).state).toBe("closed");
});

it("is replaced when the wall clock is set while it contains a time", () => {
  const { breaker, clock, setWallClock, view } = bed();
  const plain = view();
  plain.stateOf(link);
  setWallClock(3_600_000);
  expect(view()).toBe(plain);
  breaker.rest(link, 60_000, "spent");
  const resting = view();
  resting.stateOf(link);
  setWallClock(3);
  expect(view()).toBe(resting);
  setWallClock(-3_600_000);
  expect(view()).not.toBe(resting);
  expect(view().stateOf(link).untilEpochMs).toBe(clock.now() + 60_000);
});

it("is new each time if the breaker has no epoch", () => {
  const { breaker, stats, clock } = bed();
  const { epoch: _, ...without } = breaker;
  const view = createHealthViews(without, stats, clock);
  expect(view()).not.toBe(view());
});

it("is replaced when the statistics have dropped a link, so that it is tracked again", () => {
  const { stats, view } = bed();
  const before = view();
  before.stateOf(link);
  for (let tenant = 0; tenant < 1_000; tenant += 1) stats.track({ ...link, credential: `t-${tenant}` });
  expect(stats.links()).not.toContain(link);
  expect(view()).not.toBe(before);
  view().stateOf(link);
  expect(stats.links()).toContain(link);
});
