import type { Fault } from "./fault.ts";

/** A 429 with a wait only in these headers or in this text. */
const limited = (headers: Readonly<Record<string, string>>, message = "Too many requests."): Fault => ({
  kind: "status",
  status: 429,
  headers: { "retry-after": null, "retry-after-ms": null, ...headers },
  // With the messages of both families.
  body: { type: "error", error: { type: "rate_limit_error", code: "rate_limit_exceeded", message } },
});

/** An exhausted budget in the headers of both families. */
const spentUntil = (reset: string, moment: string): Readonly<Record<string, string>> => ({
  "x-ratelimit-remaining-requests": "0",
  "x-ratelimit-reset-requests": reset,
  "anthropic-ratelimit-requests-remaining": "0",
  "anthropic-ratelimit-requests-reset": moment,
});

/** Waits that a client must not use unchecked, in every field where vendors state one. By name; those with status 200 are whole answers. */
export const ABSURD_WAITS: Readonly<Record<string, Fault>> = {
  "429, retry-after of 300,000 years": limited({ "retry-after": "9999999999999" }),
  "429, retry-after in another age": limited({ "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }),
  "429, retry-after-ms of 17 digits": limited({ "retry-after-ms": "99999999999999999" }),
  "429, retry-after-ms beyond all numbers": limited({ "retry-after-ms": "9".repeat(400) }),
  "429, a wait of ages in its text": limited({}, "Rate limit. Please try again in 9999999999999h."),
  "429, a reset in microseconds": limited(spentUntil("99999999999999999", "99999999999999999")),
  "200, a reset in ages": { kind: "answer", headers: spentUntil("9999999999999h", "+275760-09-13T00:00:00Z") },
};
