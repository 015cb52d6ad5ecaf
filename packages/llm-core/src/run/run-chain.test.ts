import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { isLLMError, LLMError } from "../errors/llm-error.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const KNOWN = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};
const UNKNOWN = {
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

it("uses the first link, which is named in the result", async () => {
  const bed = testBed({ a: { text: ["one ", "two"], reasoning: "hm" }, b: {} });
  const result = await bed.value(bed.llm.generateText({ ...ask, callId: "call-1" }));
  expect(result).toMatchObject({
    text: "one two",
    reasoning: "hm",
    toolCalls: [],
    finishReason: "stop",
    rawFinishReason: "stop",
    usage: KNOWN,
    totalUsage: KNOWN,
    provider: "a",
    model: "a-model",
    callId: "call-1",
    seams: [],
    warnings: [],
    settingsVersion: null,
  });
  expect(result.attempts).toEqual([
    {
      number: 1,
      kind: "first",
      provider: "a",
      model: "a-model",
      transport: "stream",
      endpoint: "mock://a",
      sent: true,
      startedAt: bed.clock.now() - bed.clock.monotonic(),
      durationMs: 0,
      firstTokenMs: 0,
      outcome: "success",
      outputChars: "one twohm".length,
      usage: KNOWN,
      requestId: "a-1",
      responseId: null,
      responseModel: "a-model",
      serviceTier: null,
      speed: null,
      region: null,
    },
  ]);
  expect(bed.called).toEqual(["a"]);
});

it("accepts an answer with an unknown finish reason, with a warning in result and record", async () => {
  const bed = testBed({
    a: {
      parts: [
        { type: "text", text: "one" },
        { type: "finish", finishReason: "other", rawFinishReason: "odd", responseId: null, responseModel: null },
      ],
    },
  });
  const result = await bed.value(bed.llm.generateText(ask));
  expect(result).toMatchObject({ text: "one", finishReason: "other", rawFinishReason: "odd" });
  expect(result.warnings).toEqual(['a/a-model ended its answer with the reason "odd": it may not be complete']);
  expect(bed.records[0]?.warnings).toEqual(result.warnings);
});

it("passes the call id and the credentials to the provider", async () => {
  const bed = testBed({ a: {} });
  const credentials = { a: { apiKey: "tenant-key-1" } };
  await bed.value(bed.llm.generateText({ ...ask, callId: "call-1", credentials }));
  await bed.value(bed.llm.generateText(ask));
  const [first, second] = bed.provider("a").calls;
  expect(first?.context).toMatchObject({ callId: "call-1", credentials: credentials.a });
  expect(second?.context.credentials).toBeNull();
  expect(second?.context.callId).toMatch(/^[0-9a-f-]{36}$/);
});

describe("falls back, after the retries the table allows, on", () => {
  it.each<[LLMErrorCode, number]>([
    ["timeout", 1],
    ["network", 2],
    ["rate_limit", 2],
    ["overloaded", 2],
    ["server", 2],
    ["quota", 1],
    ["auth", 1],
    ["permission", 1],
    ["model_not_found", 1],
    ["context_length", 1],
    ["unsupported", 1],
    ["invalid_request", 1],
    ["invalid_response", 2],
    ["truncated", 2],
  ])("%s (%i attempts)", async (code, attempts) => {
    const bed = testBed({ a: { error: failure(code, { status: 418, requestId: "r-1" }) }, b: { text: "from b" } });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result).toMatchObject({
      text: "from b",
      provider: "b",
      model: "b-model",
      usage: KNOWN,
      totalUsage: UNKNOWN,
    });
    expect(bed.called).toEqual([...Array<string>(attempts).fill("a"), "b"]);
    expect(result.attempts.map(({ number, provider, outcome }) => [number, provider, outcome])).toEqual([
      ...Array.from({ length: attempts }, (_, index) => [index + 1, "a", "failed"]),
      [attempts + 1, "b", "success"],
    ]);
    expect(result.attempts[0]?.error).toEqual({
      code,
      message: `${code} as scripted`,
      status: 418,
      retryAfterMs: null,
    });
    expect(result.attempts[0]?.requestId).toBe("r-1");
    expect(result.attempts[0]).not.toHaveProperty("usage");
  });
});

describe("does not fall back on", () => {
  it.each<LLMErrorCode>(["invalid_input", "content_filter"])("%s", async (code) => {
    const bed = testBed({ a: { error: failure(code) }, b: {} });
    const error = await bed.error(bed.llm.generateText({ ...ask, callId: "c-1" }));
    expect(error).toMatchObject({ code, provider: "a", model: "a-model", callId: "c-1" });
    expect(error.attempts).toHaveLength(1);
    expect(bed.called).toEqual(["a"]);
  });

  it("an abort, whose reason is the cause", async () => {
    const bed = testBed({ a: { hang: true }, b: {} });
    const { llm, controller, clock } = bed;
    const call = bed.watch(llm.generateText({ ...ask, abortSignal: controller.signal }));
    await clock.advance(50);
    const reason = { why: "the user left" };
    controller.abort(reason);
    const error = await bed.error(call);
    expect(error).toMatchObject({ code: "aborted", name: "AbortError" });
    expect(error.cause).toBe(reason);
    expect(error.attempts).toMatchObject([{ provider: "a", outcome: "aborted" }]);
    expect(bed.called).toEqual(["a"]);
  });

  it("a spent deadline", async () => {
    const bed = testBed({ a: { hang: true }, b: { hang: true } });
    const { error, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 1_000 } }));
    expect(error?.code).toBe("deadline");
    expect(atMs).toBe(1_000);
  });
});

it("falls back after content_filter only with fallbackOnContentFilter", async () => {
  const bed = testBed({ a: { error: failure("content_filter") }, b: { text: "fine" } });
  const result = await bed.value(bed.llm.generateText({ ...ask, fallbackOnContentFilter: true }));
  expect(result.text).toBe("fine");
});

describe("if no link serves", () => {
  it("a single link throws its own error", async () => {
    const bed = testBed({ a: { error: failure("auth", { status: 401, requestId: "r" }) } });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(error).toMatchObject({ code: "auth", status: 401, requestId: "r", provider: "a", model: "a-model" });
    expect(error.attempts).toHaveLength(1);
  });

  it("a pinned link throws its own error", async () => {
    const bed = testBed({ a: {}, b: { error: failure("quota") }, c: {} });
    const error = await bed.error(bed.llm.generateText({ ...ask, provider: "b" }));
    expect(error).toMatchObject({ code: "quota", provider: "b" });
    expect(bed.called).toEqual(["b"]);
  });

  it("several links throw all_failed, with each attempt and each error", async () => {
    const bed = testBed({
      a: [{ error: failure("network") }],
      b: [{ error: failure("auth") }],
      c: [{ error: failure("context_length") }],
    });
    const error = await bed.error(bed.llm.generateText({ ...ask, callId: "c-9" }));
    expect(error.code).toBe("all_failed");
    expect(error.callId).toBe("c-9");
    expect(error.message).toBe(
      "every link failed: a/a-model: network (network as scripted); a/a-model: network (network as scripted); " +
        "b/b-model: auth (auth as scripted); c/c-model: context_length (context_length as scripted)",
    );
    expect(error.attempts.map(({ provider }) => provider)).toEqual(["a", "a", "b", "c"]);
    if (!isLLMError(error, "all_failed")) throw error;
    expect(error.errors.map(({ code, provider }) => [code, provider])).toEqual([
      ["network", "a"],
      ["network", "a"],
      ["auth", "b"],
      ["context_length", "c"],
    ]);
    expect(error.cause).toMatchObject({ code: "context_length" });
  });

  it("an empty chain throws no_provider with each variable", async () => {
    const bed = testBed({
      a: mockProvider({ id: "a", configured: false }),
      b: mockProvider({ id: "b", configured: false }),
    });
    const error = await bed.error(bed.llm.generateText(ask));
    expect(error.code).toBe("no_provider");
    expect(error.message).toContain("A_API_KEY");
    expect(error.message).toContain("B_API_KEY");
    expect(isLLMError(error, "no_provider") && error.skipped).toEqual([
      { provider: "a", reason: "no key: set A_API_KEY" },
      { provider: "b", reason: "no key: set B_API_KEY" },
    ]);
    expect(error.attempts).toEqual([]);
    expect(bed.records).toMatchObject([{ outcome: "failed", error: { code: "no_provider" }, attempts: [] }]);
  });
});

describe("an adapter's error", () => {
  it("of another copy of this package keeps its code", async () => {
    const { LLMError: Other }: { LLMError: typeof LLMError } = await import("../errors/llm-error.ts?copy" as string);
    expect(Other).not.toBe(LLMError);
    const bed = testBed({
      a: { error: () => new Other({ code: "overloaded", message: "busy", status: 503 }) },
      b: {},
    });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result.attempts.map(({ error }) => error?.code)).toEqual(["overloaded", "overloaded", undefined]);
  });

  it.each<[string, () => unknown]>([
    ["a TypeError", () => new TypeError("cannot read undefined, key sk-abcdefgh12345678")],
    ["a string", () => "boom"],
    ["nothing", () => undefined],
    ["null", () => null],
  ])("that is %s is invalid_response and falls back", async (_, thrown) => {
    const broken = mockProvider({ id: "a" });
    const provider = {
      ...broken,
      // biome-ignore lint/correctness/useYield: it throws before it could
      async *stream() {
        throw thrown();
      },
    };
    const bed = testBed({ a: provider, b: {} });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result.provider).toBe("b");
    expect(result.attempts.map(({ error }) => error?.code)).toEqual([
      "invalid_response",
      "invalid_response",
      undefined,
    ]);
  });

  it.each<[string, () => unknown]>([
    [
      "throws at once",
      () => {
        throw failure("overloaded")();
      },
    ],
    ["returns no iterator", () => ({})],
    [
      "returns an iterator whose next throws synchronously",
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            throw failure("auth")();
          },
        }),
      }),
    ],
    [
      "returns an iterator whose return throws synchronously",
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(failure("auth")()),
          return: () => {
            throw new Error("no return");
          },
        }),
      }),
    ],
    [
      "returns an iterator whose return does not return a promise",
      () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(failure("auth")()),
          return: () => ({ done: true, value: undefined }),
        }),
      }),
    ],
  ])("of a stream that %s falls back", async (_, stream) => {
    const bed = testBed({ a: { ...mockProvider({ id: "a" }), stream: stream as never }, b: { text: "fine" } });
    expect((await bed.value(bed.llm.generateText(ask))).text).toBe("fine");
  });

  it("of code aborted without an abort is a network error", async () => {
    const bed = testBed({ a: { error: failure("aborted") }, b: { text: "fine" } });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result.text).toBe("fine");
    expect(result.attempts.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ["failed", "network"],
      ["failed", "network"],
      ["success", undefined],
    ]);
  });
});

describe("an invalid answer", () => {
  it.each<[string, object, LLMErrorCode]>([
    ["ends without an end marker", { text: "half", truncate: true }, "truncated"],
    ["is empty", { text: "" }, "invalid_response"],
    ["has only reasoning", { text: "", reasoning: "hm" }, "invalid_response"],
  ])("%s: %s", async (_, step, code) => {
    const bed = testBed({ a: step, b: { text: "whole" } });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result.text).toBe("whole");
    expect(result.attempts[0]?.error?.code).toBe(code);
    expect(result.attempts).toHaveLength(3);
  });

  it("is content_filter if the vendor reports that and there is no text", async () => {
    const bed = testBed({ a: { text: "", finishReason: "content-filter" }, b: {} });
    expect(await bed.error(bed.llm.generateText(ask))).toMatchObject({ code: "content_filter" });
  });

  it("is valid if the token limit left no text", async () => {
    const bed = testBed({ a: { text: "", finishReason: "length" } });
    expect(await bed.value(bed.llm.generateText(ask))).toMatchObject({ text: "", finishReason: "length" });
  });

  it("restarts: no part of a broken answer is in the next one", async () => {
    const bed = testBed({
      a: { text: ["one ", "two "], reasoning: "of a", error: failure("network"), failAfter: 3 },
      b: { text: "whole", reasoning: "of b" },
    });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result).toMatchObject({ text: "whole", reasoning: "of b", seams: [] });
  });
});

describe("usage", () => {
  it("is null if the provider reports nothing", async () => {
    const bed = testBed({ a: { usage: null } });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result.usage).toEqual(UNKNOWN);
    expect(result.totalUsage).toEqual(UNKNOWN);
    expect(result.attempts[0]).not.toHaveProperty("usage");
  });

  it("is summed over attempts that report it, field by field", async () => {
    const partial = {
      inputTokens: 7,
      outputTokens: null,
      cachedInputTokens: 3,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    };
    const bed = testBed({
      a: {
        parts: [
          {
            type: "usage",
            usage: {
              inputTokens: 1,
              outputTokens: 1,
              cachedInputTokens: 1,
              cacheWriteInputTokens: null,
              longCacheWriteInputTokens: null,
              reasoningTokens: 1,
            },
          },
          { type: "usage", usage: partial },
          { type: "text", text: "half" },
        ],
        truncate: true,
      },
      b: {},
    });
    const result = await bed.value(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    expect(result.attempts.map(({ usage }) => usage)).toEqual([partial, KNOWN]);
    expect(result.usage).toEqual(KNOWN);
    expect(result.totalUsage).toEqual({
      inputTokens: 17,
      outputTokens: null,
      cachedInputTokens: 3,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    });
  });

  it("replaces the earlier one within an attempt", async () => {
    const usage = {
      inputTokens: 3,
      outputTokens: 4,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    };
    const bed = testBed({
      a: {
        parts: [
          { type: "usage", usage: KNOWN },
          { type: "text", text: "x" },
          { type: "usage", usage },
        ],
      },
    });
    expect((await bed.value(bed.llm.generateText(ask))).usage).toEqual(usage);
  });
});

describe("maxRetries", () => {
  it.each([
    [0, ["a", "b"]],
    [1, ["a", "a", "b"]],
    [4, ["a", "a", "b"]],
  ])("of the call: %i; at most one while another link is ready", async (maxRetries, called) => {
    const bed = testBed(
      { a: { error: failure("server") }, b: {} },
      { retry: { maxRetries: 3 }, breaker: { consecutiveFailures: 99 } },
    );
    await bed.value(bed.llm.generateText({ ...ask, maxRetries }));
    expect(bed.called).toEqual(called);
  });

  it("of the call, on the last ready link", async () => {
    const bed = testBed({ a: { error: failure("server") }, b: { error: failure("server") } });
    await bed.error(bed.llm.generateText({ ...ask, maxRetries: 3 }));
    expect(bed.called).toEqual(["a", "a", "b", "b", "b", "b"]);
  });

  it("of the client by default; counted separately for each link", async () => {
    const bed = testBed(
      { a: { error: failure("server") }, b: { error: failure("server") } },
      { retry: { maxRetries: 1 } },
    );
    await bed.error(bed.llm.generateText(ask));
    expect(bed.called).toEqual(["a", "a", "b", "b"]);
  });
});

describe("waits", () => {
  it("as long as the provider requests before a retry", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 3_000 }) }, { text: "now" }], b: {} });
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect(value?.text).toBe("now");
    expect(atMs).toBe(3_000);
    expect(bed.called).toEqual(["a", "a"]);
  });

  it("not at all if that is too long", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 6_000 }) }], b: { text: "b" } });
    const { value, atMs } = await bed.ending(bed.llm.generateText(ask));
    expect(value?.text).toBe("b");
    expect(atMs).toBe(0);
  });

  it("not at all if it would use up the time of the next links", async () => {
    const bed = testBed({ a: [{ error: failure("rate_limit", { retryAfterMs: 3_000 }) }], b: { text: "b" } });
    const { value, atMs } = await bed.ending(bed.llm.generateText({ ...ask, timeouts: { totalMs: 5_000 } }));
    expect(value?.text).toBe("b");
    expect(atMs).toBe(0);
  });

  it("with growing backoff, which an abort ends", async () => {
    const bed = testBed({ a: { error: failure("server") } });
    const { signal } = bed.controller;
    const call = bed.watch(bed.llm.generateText({ ...ask, abortSignal: signal }));
    await bed.clock.advance(600);
    expect(bed.provider("a").calls.map(({ startedMs }) => startedMs)).toEqual([0, 375]);
    bed.controller.abort();
    const { error, timersLeft } = await bed.ending(call);
    expect(error?.code).toBe("aborted");
    expect(timersLeft).toBe(0);
  });
});

it("logs each fallback once, and each change of the serving provider", async () => {
  const bed = testBed({
    a: mockProvider({ id: "a", name: "Alpha", steps: [{ error: failure("auth") }, {}] }),
    b: mockProvider({ id: "b", name: "Beta" }),
  });
  await bed.value(bed.llm.generateText(ask));
  await bed.value(bed.llm.generateText(ask));
  await bed.value(bed.llm.generateText(ask));
  bed.llm.revive("a");
  await bed.value(bed.llm.generateText(ask));
  expect(bed.logs.map(({ level, message }) => [level, message])).toEqual([
    ["info", "Using Alpha inference API (primary)"],
    ["warn", "Alpha failed (auth): falling back to Beta"],
    ["info", "Using Beta inference API (fallback)"],
    ["info", "Using Alpha inference API (primary)"],
  ]);
});

it("a logger that throws is ignored", async () => {
  const broken = () => {
    throw new Error("the disk is full");
  };
  const bed = testBed(
    { a: { error: failure("auth") }, b: { text: "fine" } },
    { logger: { debug: broken, info: broken, warn: broken, error: broken }, recorders: [broken] },
  );
  expect((await bed.value(bed.llm.generateText(ask))).text).toBe("fine");
  await bed.llm.close();
});

it("any number of calls run concurrently, each with its own position in the chain", async () => {
  const bed = testBed({
    a: mockProvider({
      id: "a",
      steps: ({ request }) => {
        const [message] = request.messages;
        return message?.content === "bad"
          ? { error: failure("context_length"), delayMs: 5 }
          : { text: "a", delayMs: 10 };
      },
    }),
    b: { text: "b", delayMs: 3 },
  });
  const prompts = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? "good" : "bad"));
  const results = await bed.value(Promise.all(prompts.map((prompt) => bed.llm.generateText({ prompt }))));
  expect(results.map(({ text }) => text)).toEqual(prompts.map((prompt) => (prompt === "good" ? "a" : "b")));
  expect(results.map(({ attempts }) => attempts.length)).toEqual(prompts.map((prompt) => (prompt === "good" ? 1 : 2)));
});

it("a callback that throws is ignored; it is called with each ended attempt", async () => {
  const bed = testBed({ a: { error: failure("auth"), delayMs: 5 }, b: { delayMs: 5 } });
  const attempts: [string, string, number][] = [];
  await bed.value(
    bed.llm.generateText({
      ...ask,
      onAttempt({ provider, outcome }) {
        attempts.push([provider, outcome, bed.clock.monotonic()]);
        throw new Error("not my day");
      },
    }),
  );
  expect(attempts).toEqual([
    ["a", "failed", 5],
    ["b", "success", 10],
  ]);
});
