import fc from "fast-check";
import { expect, it } from "vitest";
import { LLMError } from "./llm-error.ts";
import { LONGEST_WAIT_MS, toWaitMs } from "./to-wait-ms.ts";

it.each([
  [0, 0],
  [-0, 0],
  [1.2, 2],
  [-5, 0],
  [1e300, LONGEST_WAIT_MS],
  [Number.POSITIVE_INFINITY, LONGEST_WAIT_MS],
  [Number.NEGATIVE_INFINITY, 0],
  [Number.NaN, null],
])("%s is %s", (ms, expected) => {
  expect(toWaitMs(ms)).toBe(expected);
});

it("retryAfterMs of an error is always from 0 to 24 h", () => {
  fc.assert(
    fc.property(fc.option(fc.double()), (ms) => {
      const { retryAfterMs } = new LLMError({ code: "rate_limit", message: "x", retryAfterMs: ms });
      if (ms === null || Number.isNaN(ms)) return retryAfterMs === null;
      return retryAfterMs !== null && retryAfterMs >= 0 && retryAfterMs <= LONGEST_WAIT_MS;
    }),
  );
});
