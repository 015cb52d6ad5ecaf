import { expect, test } from "vitest";
import type { AttemptFacts } from "../attempt-facts.ts";
import { type Classify, replyError } from "./reply-error.ts";

const PROMPT = "a long and secret plan to take over the harbour";
const FACTS: AttemptFacts = {
  provider: "acme",
  name: "Acme",
  model: "m-1",
  callId: "call-1",
  secrets: ["plainlookingkey"],
  prompt: () => [PROMPT],
};
const nothingKnown: Classify = () => null;

const errorOf = (
  status: number | null,
  body: unknown,
  headers: Record<string, string> = {},
  classify: Classify = nothingKnown,
) => replyError({ status, headers: new Headers(headers), body, text: JSON.stringify(body) ?? "" }, classify, FACTS, 0);

test.each([
  [301, "invalid_response", false, true],
  [400, "invalid_request", false, true],
  [401, "auth", false, true],
  [402, "quota", false, true],
  [403, "permission", false, true],
  [404, "model_not_found", false, true],
  [408, "overloaded", true, true],
  [409, "overloaded", true, true],
  [413, "context_length", false, true],
  [418, "invalid_request", false, true],
  [422, "invalid_request", false, true],
  [425, "overloaded", true, true],
  [429, "rate_limit", true, true],
  [498, "overloaded", true, true],
  [499, "server", true, true],
  [500, "server", true, true],
  [502, "server", true, true],
  [503, "overloaded", true, true],
  [504, "server", true, true],
  [524, "server", true, true],
  [529, "overloaded", true, true],
])("by status %i only: %s", (status, code, retryable, fallback) => {
  expect(errorOf(status, undefined)).toMatchObject({
    code,
    status,
    retryable,
    fallback,
    provider: "acme",
    model: "m-1",
  });
});

test("the code of the body has precedence over the status", () => {
  const error = errorOf(429, { error: { code: "insufficient_quota" } }, {}, () => ({ code: "quota" }));
  expect(error).toMatchObject({ code: "quota", status: 429, retryable: false });
});

test("x-should-retry overrides the table and the code of the body", () => {
  expect(errorOf(400, {}, { "x-should-retry": "true" }).retryable).toBe(true);
  expect(errorOf(503, {}, { "x-should-retry": "false" }).retryable).toBe(false);
  expect(
    errorOf(429, {}, { "x-should-retry": "false" }, () => ({ code: "rate_limit", retryable: true })).retryable,
  ).toBe(false);
});

test("contains the values of the head", () => {
  const error = errorOf(429, { error: { message: "Slow" } }, { "retry-after": "3", "x-request-id": "req_9" });
  expect(error).toMatchObject({
    retryAfterMs: 3000,
    requestId: "req_9",
    callId: "call-1",
    message: "Acme answered 429: Slow",
  });
});

test("an error in a list with one element is read", () => {
  const classify: Classify = ({ body }) => (JSON.stringify(body)?.startsWith("{") ? { code: "quota" } : null);
  expect(errorOf(400, [{ error: { message: "Boom" } }], {}, classify)).toMatchObject({
    code: "quota",
    message: "Acme answered 400: Boom",
  });
  expect(errorOf(400, []).message).toBe("Acme answered 400");
});

test("an error inside a stream has no status", () => {
  expect(errorOf(null, { error: { message: "Boom" } })).toMatchObject({
    code: "server",
    status: null,
    message: "Acme sent an error: Boom",
  });
});

test("keys and prompts are not in the message; the body is kept unchanged, but not in JSON", () => {
  const body = { error: { message: `Bad key plainlookingkey for "${PROMPT}"` } };
  const error = errorOf(400, body);
  expect(error.message).toBe('Acme answered 400: Bad key [redacted] for "[prompt]"');
  expect(error.body).toEqual(body);
  expect(JSON.stringify(error)).not.toMatch(/plainlookingkey|harbour/);
});

test("a long text is truncated, a page is reduced to its title", () => {
  expect(errorOf(500, { message: "x ".repeat(2000) }).message.length).toBeLessThan(540);
  const page = "<html><title>502 Bad Gateway</title></html>";
  const error = replyError(
    { status: 502, headers: new Headers(), body: undefined, text: page },
    nothingKnown,
    FACTS,
    0,
  );
  expect(error.message).toBe('Acme answered 502: an HTML page, "502 Bad Gateway"');
});

test("a redirect has its target without the query", () => {
  const error = errorOf(307, undefined, { location: "https://else.test/v1?token=abc" });
  expect(error).toMatchObject({ code: "invalid_response", retryable: false });
  expect(error.message).toBe("Acme answered 307: a redirect to https://else.test/v1");
});
