import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs } from "./retry-delay.ts";

const config = fc.record({
  maxRetries: fc.nat(10),
  baseDelayMs: fc.nat(10_000),
  maxDelayMs: fc.nat(60_000),
  maxRetryAfterMs: fc.nat(60_000),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("is between half of the full wait and the full wait, which never exceeds the maximum", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), config, random, (retry, options, chance) => {
      // 2 to the power of more than 1,023 is infinite.
      const full = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** Math.min(retry - 1, 100));
      const wait = backoffMs(retry, options, chance);
      expect(Number.isFinite(wait)).toBe(true);
      expect(wait).toBeGreaterThanOrEqual(full / 2 - 1e-6);
      expect(wait).toBeLessThanOrEqual(options.maxDelayMs);
      expect(wait).toBeLessThanOrEqual(full + 1e-6);
    }),
  );
});

it("never shrinks from one retry to the next with the same random number", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), config, random, (retry, options, chance) => {
      expect(backoffMs(retry + 1, options, chance)).toBeGreaterThanOrEqual(backoffMs(retry, options, chance));
    }),
  );
});

it("spreads callers that failed at the same time", () => {
  const options = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 5_000 };
  expect(new Set([0, 0.25, 0.5, 0.75].map((chance) => backoffMs(3, options, chance))).size).toBe(4);
});
