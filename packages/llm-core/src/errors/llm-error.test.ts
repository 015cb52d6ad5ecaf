import { describe, expect, it } from "vitest";
import type { Attempt } from "../contract/attempt.ts";
import type { LLMErrorCode } from "./error-code.ts";
import { ERROR_POLICY } from "./error-policy.ts";
import { isLLMErrorCode } from "./is-llm-error-code.ts";
import { invalidInput, isLLMError, LLMError, type LLMErrorInit } from "./llm-error.ts";
import type { LLMErrorJSON } from "./llm-error-json.ts";

const CODES = Object.keys(ERROR_POLICY) as LLMErrorCode[];
const usage = {
  inputTokens: 1,
  outputTokens: null,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: null,
};
const attempt: Attempt = {
  number: 1,
  kind: "first",
  transport: "stream",
  endpoint: null,
  sent: true,
  outputChars: 0,
  responseId: null,
  responseModel: null,
  serviceTier: null,
  speed: null,
  region: null,
  provider: "a",
  model: "m",
  startedAt: 1_000,
  durationMs: 5,
  firstTokenMs: null,
  outcome: "failed",
  error: { code: "server", message: "busy", status: 503, retryAfterMs: null },
  requestId: "r",
};
const below = new LLMError({ code: "auth", message: "no", provider: "a", cause: new Error("below") });
const DETAILS: Readonly<Partial<Record<LLMErrorCode, object>>> = {
  interrupted: { partialText: "half", usage },
  budget: { refusals: [{ provider: "a", model: "m", why: "team: 5 USD a day", retryAfterMs: null }] },
  no_provider: { skipped: [{ provider: "a", reason: "no key" }] },
  schema_mismatch: { issues: [{ message: "too short", path: ["items", 0] }], text: "{}" },
  invalid_input: { path: "prompt", expected: "a string" },
  all_failed: { errors: [below, new LLMError({ code: "aborted", message: "left", cause: new Error("mine") })] },
};
const full = (code: LLMErrorCode): LLMError =>
  new LLMError({
    code,
    message: "as scripted",
    provider: "a",
    model: "org/m:v1",
    status: 500,
    retryAfterMs: 7,
    concurrencyLimited: code === "rate_limit",
    requestId: "r",
    callId: "c",
    attempts: [attempt],
    cause: Object.assign(new TypeError("below"), { code: "ECONNRESET" }),
    body: { secret: "verysecret1" },
    details: DETAILS[code] as never,
  });

describe.each(CODES)("%s", (code) => {
  it("has the defaults of ERROR_POLICY, which an adapter can override", () => {
    const error = new LLMError({ code, message: "x" });
    expect(error).toMatchObject({
      code,
      retryable: ERROR_POLICY[code].retry !== false,
      fallback: ERROR_POLICY[code].fallback === true,
      status: null,
      retryAfterMs: null,
      attempts: [],
      cause: null,
    });
    const { retryable, fallback } = error;
    const turned = new LLMError({ code, message: "x", retryable: !retryable, fallback: !fallback });
    expect(turned).toMatchObject({ retryable: !retryable, fallback: !fallback });
  });

  it("survives a JSON round trip, including the fields of its code", () => {
    const error = full(code);
    const json: LLMErrorJSON = JSON.parse(JSON.stringify(error));
    const back = LLMError.fromJSON(json);
    expect(back.toJSON()).toEqual(error.toJSON());
    expect(JSON.parse(JSON.stringify(back))).toEqual(json);
    expect(back).toBeInstanceOf(LLMError);
    expect(isLLMError(back, code)).toBe(true);
    expect(back.name).toBe(code === "aborted" ? "AbortError" : "LLMError");
    expect(json).toMatchObject({
      code,
      message: "as scripted",
      provider: "a",
      model: "org/m:v1",
      status: 500,
      retryAfterMs: 7,
      requestId: "r",
      callId: "c",
      attempts: [attempt],
      cause: { name: "TypeError", code: "ECONNRESET", message: "below" },
    });
    const { errors, ...plain } = { errors: undefined, ...DETAILS[code] };
    expect(json).toMatchObject(plain);
    if (errors !== undefined) expect(json.errors?.map((each) => each.code)).toEqual(["auth", "aborted"]);
  });

  it("hides the vendor's body from JSON and enumeration", () => {
    const error = full(code);
    expect(error.body).toEqual({ secret: "verysecret1" });
    expect(Object.keys(error)).not.toContain("body");
    expect(JSON.stringify(error)).not.toContain("verysecret1");
    expect(JSON.stringify({ ...error })).not.toContain("verysecret1");
    expect(error.with({ callId: "d" }).body).toEqual({ secret: "verysecret1" });
  });

  it("with() returns an equal error with other fields", () => {
    const error = full(code);
    const moved = error.with({ provider: "b", callId: "d", attempts: [] });
    expect(moved.toJSON()).toEqual({ ...error.toJSON(), provider: "b", callId: "d", attempts: [] });
    expect(moved.stack).toBe(error.stack);
    expect(error.provider).toBe("a");
  });
});

it("fromJSON accepts attempts with unknown fields", () => {
  const json = { ...full("server").toJSON(), added: "later" };
  expect(LLMError.fromJSON(json).toJSON()).toEqual(full("server").toJSON());
});

describe("isLLMError", () => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a string", "LLMError"],
    ["another error", new Error("x")],
    ["a similar object", { name: "LLMError", code: "auth", message: "x" }],
    ["its JSON", new LLMError({ code: "auth", message: "x" }).toJSON()],
  ])("is false for %s", (_, thrown) => {
    expect(isLLMError(thrown)).toBe(false);
    expect(isLLMError(thrown, "auth")).toBe(false);
  });

  it("distinguishes codes", () => {
    expect(isLLMError(below)).toBe(true);
    expect(isLLMError(below, "auth")).toBe(true);
    expect(isLLMError(below, "quota")).toBe(false);
  });

  it("recognizes errors of another copy of the package, both ways", async () => {
    const copy: { LLMError: typeof LLMError; isLLMError: typeof isLLMError } = await import(
      "./llm-error.ts?another" as string
    );
    expect(copy.LLMError).not.toBe(LLMError);
    const theirs = new copy.LLMError({ code: "interrupted", message: "x", details: { partialText: "half", usage } });
    expect(theirs).not.toBeInstanceOf(LLMError);
    expect(isLLMError(theirs, "interrupted") && theirs.partialText).toBe("half");
    expect(copy.isLLMError(below, "auth")).toBe(true);
  });
});

it("isLLMErrorCode is true for the codes only", () => {
  expect(CODES.every(isLLMErrorCode)).toBe(true);
  for (const other of ["", "toString", "AUTH", null, undefined, 5]) expect(isLLMErrorCode(other)).toBe(false);
});

describe("the cause is a copy without secrets:", () => {
  const causeOf = (cause: unknown) => new LLMError({ code: "network", message: "x", cause }).cause;
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", hidden: "verysecret1" });
  it.each<[string, unknown, unknown]>([
    ["of an error", reset, { name: "Error", code: "ECONNRESET", message: "read ECONNRESET" }],
    [
      "of the cause of a failed fetch",
      new TypeError("fetch failed", { cause: reset }),
      { name: "Error", code: "ECONNRESET", message: "read ECONNRESET" },
    ],
    [
      "of a TypeError",
      new TypeError("x is not a function"),
      { name: "TypeError", code: null, message: "x is not a function" },
    ],
    ["of an LLMError", below, { name: "LLMError", code: "auth", message: "no" }],
    [
      "of a DOMException",
      new DOMException("gone", "TimeoutError"),
      { name: "TimeoutError", code: null, message: "gone" },
    ],
    ["of a string", "boom", { name: "Error", code: null, message: "boom" }],
    ["of an object that is not an error", { status: 500 }, { name: "Error", code: null, message: "" }],
    ["of a failed fetch with a circular cause", circular(), expect.objectContaining({ name: "TypeError" })],
    ["of nothing", undefined, null],
    ["of null", null, null],
  ])("%s", (_, thrown, cause) => {
    expect(causeOf(thrown)).toEqual(cause);
  });

  function circular(): Error {
    const error: Error & { code?: string } = Object.assign(new TypeError("fetch failed"), { code: "UND" });
    error.cause = error;
    return error;
  }

  it("at most 300 characters, without keys", () => {
    const { message } = causeOf(new Error(`key sk-abcdefgh12345678 ${"x".repeat(1_000)}`)) as Error;
    expect(message).toHaveLength(300);
    expect(message).toContain("[redacted]");
  });

  it("without a key that crosses the cut", () => {
    const { message } = causeOf(new Error(`${"x".repeat(290)} sk-abcdefgh12345678`)) as Error;
    expect(message).not.toContain("sk-abcd");
  });

  it("except for an abort reason, which is unchanged", () => {
    const reason = { mine: true };
    expect(new LLMError({ code: "aborted", message: "x", cause: reason }).cause).toBe(reason);
  });
});

it("keys are redacted in the message, and in the JSON of an abort reason", () => {
  const init: LLMErrorInit = {
    code: "aborted",
    message: "Bearer verysecret1",
    cause: new Error("password=verysecret1"),
  };
  expect(JSON.stringify(new LLMError(init))).not.toContain("verysecret1");
  expect(String(new LLMError(init))).not.toContain("verysecret1");
});

it("invalidInput names the path and the expected value", () => {
  expect(invalidInput("retry.maxRetries", "a whole number", "c")).toMatchObject({
    code: "invalid_input",
    message: "retry.maxRetries: expected a whole number",
    path: "retry.maxRetries",
    expected: "a whole number",
    callId: "c",
  });
});
