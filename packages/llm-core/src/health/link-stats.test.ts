import { createFakeClock } from "@babylon/llm-testing";
import { expect, it } from "vitest";
import { createLinkStats } from "./link-stats.ts";

const link = { provider: "a", model: "m", credential: "k" };
const attempt = { good: true, durationMs: 10, firstTokenMs: 5 };
const NONE = { calls: 0, succeeded: 0, successRate: null, firstTokenMs: null, durationMs: null };

/** A value rounded to the precision of a sketch. */
const toTens = (ms: number | undefined) => Math.round((ms ?? 0) / 10) * 10;

it("has no figures for a link without attempts", () => {
  const stats = createLinkStats(createFakeClock());
  stats.track(link);
  expect(stats.links()).toEqual([link]);
  expect(stats.figures(link)).toEqual({
    ...NONE,
    windows: { lastMinute: NONE, last5Minutes: NONE, lastHour: NONE },
  });
});

it("counts successes, and has durations of successful attempts only", () => {
  const stats = createLinkStats(createFakeClock());
  for (const durationMs of [100, 200, 300]) stats.add(link, { good: true, durationMs, firstTokenMs: durationMs / 2 });
  stats.add(link, { good: false, durationMs: 60_000, firstTokenMs: null });
  const { firstTokenMs, durationMs, ...counts } = stats.figures(link);
  expect(counts).toMatchObject({ calls: 4, succeeded: 3, successRate: 0.75 });
  expect([firstTokenMs?.p50, firstTokenMs?.p95].map(toTens)).toEqual([100, 150]);
  expect([durationMs?.p50, durationMs?.p95].map(toTens)).toEqual([200, 300]);
});

it("counts all attempts of the last minute, five minutes and hour", async () => {
  const clock = createFakeClock();
  const stats = createLinkStats(clock);
  const calls = () => {
    const { lastMinute, last5Minutes, lastHour } = stats.figures(link).windows;
    return [lastMinute.calls, last5Minutes.calls, lastHour.calls];
  };
  for (let call = 0; call < 1_000; call += 1) stats.add(link, attempt);
  expect(calls()).toEqual([1_000, 1_000, 1_000]);
  expect(stats.figures(link).calls).toBe(1_000);
  await clock.advance(59_999);
  expect(calls()).toEqual([1_000, 1_000, 1_000]);
  await clock.advance(1);
  stats.add(link, attempt);
  expect(calls()).toEqual([1, 1_001, 1_001]);
  await clock.advance(240_000);
  expect(calls()).toEqual([0, 1, 1_001]);
  await clock.advance(3_300_000);
  expect(calls()).toEqual([0, 0, 0]);
});

it("gives no quantile of too few calls, or of calls without a first token", () => {
  const stats = createLinkStats(createFakeClock());
  for (let call = 0; call < 9; call += 1) stats.add(link, attempt);
  stats.add(link, { ...attempt, firstTokenMs: null });
  expect(stats.firstTokenQuantile(link, 0.95, 10)).toBeNull();
  stats.add(link, attempt);
  expect(stats.firstTokenQuantile(link, 0.95, 10)).toBeCloseTo(5, 0);
});

it("keeps links apart, and no more than a thousand of them", () => {
  const stats = createLinkStats(createFakeClock());
  for (let key = 0; key < 3_000; key += 1) stats.add({ ...link, credential: `k${key}` }, attempt);
  expect(stats.links()).toHaveLength(1_000);
  expect(stats.figures({ ...link, credential: "k2999" }).calls).toBe(1);
  expect(stats.figures({ ...link, credential: "k0" }).calls).toBe(0);
});
