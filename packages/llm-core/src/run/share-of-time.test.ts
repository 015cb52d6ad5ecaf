import fc from "fast-check";
import { expect, it } from "vitest";
import { shareOfTime } from "./share-of-time.ts";

it.each([
  ["no limit, no deadline", null, null, 4, null],
  ["no deadline: its own limit", 10_000, null, 4, 10_000],
  ["time enough: its own limit", 10_000, 300_000, 4, 10_000],
  ["an equal share, if that is less", 10_000, 20_000, 4, 5_000],
  ["an equal share, without a limit", null, 20_000, 4, 5_000],
  ["all remaining time on the last link", 60_000, 20_000, 1, 20_000],
  ["zero if no time remains", 10_000, 0, 2, 0],
  ["zero after the deadline", 10_000, -5, 2, 0],
])("%s", (_, limitMs, timeLeftMs, linksLeft, expected) => {
  expect(shareOfTime(limitMs, timeLeftMs, linksLeft)).toBe(expected);
});

it("if silent links use their whole shares, the share of the last one is not smaller than that of any before", () => {
  const links = fc.integer({ min: 1, max: 12 });
  const limit = fc.option(fc.integer({ min: 1, max: 100_000 }));
  fc.assert(
    fc.property(links, limit, fc.integer({ min: 1, max: 400_000 }), (count, limitMs, wholeMs) => {
      let left = wholeMs;
      for (let linksLeft = count; linksLeft > 0; linksLeft -= 1) {
        const share = shareOfTime(limitMs, left, linksLeft) ?? Number.NaN;
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(limitMs ?? wholeMs);
        expect(share).toBeGreaterThanOrEqual(Math.min(limitMs ?? wholeMs, wholeMs / count) - 1e-6);
        left -= share;
      }
      expect(left).toBeGreaterThanOrEqual(-1e-6);
    }),
  );
});
