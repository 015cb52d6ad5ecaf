import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRollingWindow } from "./rolling-window.ts";
import { type CountedCall, type Tally, toCountedCall } from "./tally.ts";

const call = (durationMs = 100): CountedCall => toCountedCall({ good: true, durationMs, firstTokenMs: null });

/** The counted values, without unused capacity. */
const countsOf = ({ calls, succeeded, durations: { count, first, counts } }: Tally) => ({
  calls,
  succeeded,
  count,
  buckets: [...counts].flatMap((many, at) => (many === 0 ? [] : [[first + at, many]])),
});

describe("a window of a minute in slices of 5 s", () => {
  it.each([
    ["at the start of a slice", 0, 59_999, 60_000],
    ["at the end of a slice", 4_999.999, 59_999, 60_000],
    ["at the start of the next one", 5_000, 64_999, 65_000],
    ["between", 7_123, 64_999, 65_000],
  ])("keeps a call %s until its slice is a minute old, and no longer", (_, atMs, lastMs, goneMs) => {
    const window = createRollingWindow(60_000, 12);
    window.add(call(), atMs);
    expect(window.read(lastMs).calls).toBe(1);
    expect(window.read(goneMs).calls).toBe(0);
  });

  it("counts exactly the calls of its slices", () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      durationMs: fc.integer({ min: 1, max: 9_999 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const window = createRollingWindow(60_000, 12);
        const made: { atMs: number; durationMs: number }[] = [];
        let now = 0;
        for (const { afterMs, durationMs } of steps) {
          now += afterMs;
          window.add(call(durationMs), now);
          made.push({ atMs: now, durationMs });
          const inside = made.filter(({ atMs }) => Math.floor(now / 5_000) - Math.floor(atMs / 5_000) < 12);
          // No older one, and all of the last 55 s.
          expect(inside.every(({ atMs }) => now - atMs < 60_000)).toBe(true);
          expect(made.filter(({ atMs }) => now - atMs <= 55_000).every((each) => inside.includes(each))).toBe(true);
          const alone = createRollingWindow(60_000, 12);
          for (const each of inside) alone.add(call(each.durationMs), now);
          expect(countsOf(window.read(now))).toEqual(countsOf(alone.read(now)));
        }
      }),
    );
  });
});

describe("a clock that jumps", () => {
  it("forwards, however far, empties the window", () => {
    const window = createRollingWindow(60_000, 12);
    for (let at = 0; at < 60_000; at += 1_000) window.add(call(), at);
    expect(window.read(59_999).calls).toBe(60);
    expect(window.read(1e15).calls).toBe(0);
    window.add(call(), 1e15);
    expect(window.read(1e15).calls).toBe(1);
  });

  it("back a little keeps the latest slice until the clock has caught up", () => {
    const window = createRollingWindow(60_000, 12);
    window.add(call(), 100_000);
    window.add(call(), 90_000);
    expect(window.read(90_000).calls).toBe(2);
    expect(window.read(159_999).calls).toBe(2);
    expect(window.read(160_000).calls).toBe(0);
  });

  it("back by more than the window empties the window", () => {
    const window = createRollingWindow(60_000, 12);
    window.add(call(), 1e9);
    window.add(call(), 5_000);
    expect(window.read(5_000).calls).toBe(1);
    expect(window.read(65_000).calls).toBe(0);
  });
});

it("holds no more than its slices, however many calls it counts", () => {
  const window = createRollingWindow(60_000, 12);
  for (let at = 0; at < 200_000; at += 1) window.add(call(1 + (at % 5_000)), at * 10);
  const { calls, durations } = window.read(1_999_990);
  expect(calls).toBe(6_000);
  expect(durations.counts.byteLength).toBeLessThanOrEqual(4_096);
});
