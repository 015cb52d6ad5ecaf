import { LLMError, LONGEST_WAIT_MS } from "@babylon/llm-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { replyError } from "../errors/reply-error.ts";
import { parseRateLimits } from "./parse-rate-limits.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

/** Numbers of all sizes, in all spellings. */
const number = fc.oneof(
  fc.nat().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
  fc.nat(400).map((digits) => "9".repeat(digits + 1)),
  fc.double().map(String),
  fc.tuple(fc.nat(), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom("NaN", "Infinity", "-Infinity", "-1", "1e400", "0x7fffffffffffffff", "", "-0"),
);
const unit = fc.constantFrom("h", "m", "s", "ms", "us", "µs", "ns", " seconds", " minutes", " hours", " days", "");
const duration = fc
  .array(
    fc.tuple(number, unit).map((piece) => piece.join("")),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => all.join(""));
const moment = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.constantFrom("+275760-09-13T00:00:00Z", "9999-12-31T23:59:59Z", "Fri, 31 Dec 99999 23:59:59 GMT", "0000-01-01"),
);
const wait = fc.oneof(number, duration, moment, fc.string());

const WAITS = [
  "retry-after",
  "retry-after-ms",
  "x-ratelimit-reset-requests",
  "x-ratelimit-reset-tokens",
  "anthropic-ratelimit-requests-reset",
  "anthropic-ratelimit-tokens-reset",
  "anthropic-ratelimit-input-tokens-reset",
  "anthropic-ratelimit-output-tokens-reset",
  "date",
];
const SPENT = {
  "x-ratelimit-remaining-requests": "0",
  "x-ratelimit-remaining-tokens": "0",
  "anthropic-ratelimit-requests-remaining": "0",
  "anthropic-ratelimit-tokens-remaining": "0",
};
const headers = fc
  .dictionary(fc.constantFrom(...WAITS), wait)
  .map((own) => ({ get: (name: string) => ({ ...SPENT, ...own })[name] ?? null, entries: () => Object.entries(own) }));
const text = fc
  .tuple(fc.constantFrom("try again in ", "Retry after ", "retry your request in "), wait)
  .map((said) => said.join(""));

function isWait(ms: number | null): boolean {
  return ms === null || (Number.isInteger(ms) && ms >= 0 && ms <= LONGEST_WAIT_MS);
}

test("waits of headers and texts are from 0 to 24 h", () => {
  fc.assert(
    fc.property(headers, text, fc.double({ noNaN: true }), (reply, said, nowMs) => {
      for (const now of [NOW, nowMs]) {
        expect(isWait(parseRetryAfter(reply, said, now))).toBe(true);
        for (const { resetMs } of parseRateLimits(reply, now)) expect(isWait(resetMs)).toBe(true);
      }
      const facts = { provider: "a", name: "A", model: "m", callId: "c", secrets: [] };
      const error = replyError({ status: 429, headers: reply, body: undefined, text: said }, () => null, facts, NOW);
      expect(error).toBeInstanceOf(LLMError);
      expect(isWait(error.retryAfterMs)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
