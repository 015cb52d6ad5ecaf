import { createFakeClock } from "@babylon/llm-testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLinkStats, quantile } from "./link-stats.ts";

const link = { provider: "a", model: "m", credential: "k" };
const sample = { good: true, durationMs: 10, firstTokenMs: 5 };

describe("quantile", () => {
  it.each([
    [[], 0.5, null],
    [[7], 0, 7],
    [[7], 1, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[4, 3, 2, 1], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
    [[10, 9, 100], 1, 100],
  ])("of %j at %d is %s", (numbers, share, expected) => {
    expect(quantile(numbers, share)).toBe(expected);
  });

  it("is one of the numbers, with at least that share of them not above it", () => {
    const numbers = fc.array(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = quantile(values, share) ?? Number.NaN;
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
      }),
    );
  });
});

it("knows nothing of a link that was only seen", () => {
  const stats = createLinkStats(createFakeClock());
  stats.see(link);
  expect(stats.links()).toEqual([link]);
  expect(stats.figures(link)).toEqual({ calls: 0, successRate: null, firstTokenMs: null, durationMs: null });
});

it("tells times of good calls only, and how many were good", () => {
  const stats = createLinkStats(createFakeClock());
  for (const durationMs of [10, 20, 30]) stats.add(link, { good: true, durationMs, firstTokenMs: durationMs / 2 });
  stats.add(link, { good: false, durationMs: 60_000, firstTokenMs: null });
  expect(stats.figures(link)).toEqual({
    calls: 4,
    successRate: 0.75,
    firstTokenMs: { p50: 10, p95: 15 },
    durationMs: { p50: 20, p95: 30 },
  });
});

it("looks at the last 64 of the last five minutes", async () => {
  const clock = createFakeClock();
  const stats = createLinkStats(clock);
  for (let call = 0; call < 100; call += 1) stats.add(link, { ...sample, durationMs: call });
  expect(stats.figures(link)).toMatchObject({ calls: 64, durationMs: { p50: 67, p95: 96 } });
  await clock.advance(300_000);
  expect(stats.figures(link).calls).toBe(64);
  await clock.advance(1);
  expect(stats.figures(link).calls).toBe(0);
});

it("gives no quantile of too few, nor of calls without a first token", () => {
  const stats = createLinkStats(createFakeClock());
  for (let call = 0; call < 9; call += 1) stats.add(link, sample);
  stats.add(link, { ...sample, firstTokenMs: null });
  expect(stats.firstTokenQuantile(link, 0.95, 10)).toBeNull();
  stats.add(link, sample);
  expect(stats.firstTokenQuantile(link, 0.95, 10)).toBe(5);
});

it("keeps links apart, and no more than a thousand of them", () => {
  const stats = createLinkStats(createFakeClock());
  for (let key = 0; key < 3_000; key += 1) stats.add({ ...link, credential: `k${key}` }, sample);
  expect(stats.links()).toHaveLength(1_000);
  expect(stats.figures({ ...link, credential: "k2999" }).calls).toBe(1);
  expect(stats.figures({ ...link, credential: "k0" }).calls).toBe(0);
});
