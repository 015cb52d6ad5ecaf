import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { OnInterrupted } from "../contract/call-options.ts";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { isLLMError } from "../errors/llm-error.ts";
import type { StreamEvent } from "../stream/stream-event.ts";
import { collect, failure, type TestBed, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const usage = {
  inputTokens: 10,
  outputTokens: 2,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: null,
};
const nameOf = (provider: string) => ({ provider, model: `${provider}-model` });

/** Breaks off after the given chunks. */
const breaks = (code: LLMErrorCode, ...text: string[]): MockStep => ({
  text: [...text, "never emitted"],
  error: failure(code),
  failAfter: text.length,
});
const tool = (id: string, name = "look") => ({ id, name, input: {} });
const tools = { look: { inputSchema: { type: "object" } } };

/** The events that a reader received, without attempts, and the outcome. */
async function watch(bed: TestBed, onInterrupted: OnInterrupted | undefined, more: object = {}) {
  const stream = bed.llm.streamText({ ...ask, onInterrupted, ...more });
  const { events, error } = await bed.value(collect(stream));
  const last = events.at(-1);
  return {
    seen: events.filter(({ type }) => type !== "attempt" && type !== "finish"),
    result: last?.type === "finish" ? last.result : null,
    error,
  };
}
const text = (...pieces: string[]): StreamEvent[] => pieces.map((piece) => ({ type: "text", text: piece }));
const restart = (discardedText: string, from: string, to: string): StreamEvent => ({
  type: "restart",
  discardedText,
  from: nameOf(from),
  to: nameOf(to),
});
const prefillOf = (bed: TestBed, id: string, call = 0) => bed.provider(id).calls[call]?.request.messages.at(-1);

describe("throw, the default", () => {
  it.each<LLMErrorCode>(["network", "server", "auth", "truncated", "rate_limit", "content_filter", "timeout"])(
    "rejects with interrupted after %s, with the text, the usage and the cause",
    async (code) => {
      const bed = testBed({
        a: {
          parts: [
            { type: "text", text: "one " },
            { type: "usage", usage },
            { type: "text", text: "two" },
          ],
          error: failure(code, { status: 500, requestId: "r" }),
          failAfter: 3,
        },
        b: {},
      });
      const { seen, error } = await watch(bed, undefined);
      expect(seen).toEqual(text("one ", "two"));
      expect(error).toMatchObject({
        code: "interrupted",
        provider: "a",
        model: "a-model",
        status: 500,
        requestId: "r",
        retryable: false,
        fallback: false,
        partialText: "one two",
        usage,
        cause: { code, message: `${code} as scripted` },
        attempts: [{ provider: "a", outcome: "failed", error: { code }, usage }],
      });
      expect(bed.called).toEqual(["a"]);
      expect(bed.records).toMatchObject([{ outcome: "interrupted", options: { onInterrupted: "throw" } }]);
    },
  );

  it("also after a tool call", async () => {
    const bed = testBed({ a: { toolCalls: [tool("t1"), tool("t2")], error: failure("auth"), failAfter: 2 }, b: {} });
    const { seen, error } = await watch(bed, undefined, { tools });
    expect(seen).toMatchObject([{ type: "tool-call", toolCall: { id: "t1" } }]);
    expect(isLLMError(error, "interrupted") && error.partialText).toBe("");
    expect(bed.called).toEqual(["a"]);
  });

  it("counts for the breaker", async () => {
    const bed = testBed({ a: breaks("network", "x"), b: {} }, { breaker: { consecutiveFailures: 2 } });
    await watch(bed, undefined);
    await watch(bed, undefined);
    expect(bed.llm.health()).toMatchObject([{ provider: "a", state: "open" }, { provider: "b" }]);
  });
});

describe("restart", () => {
  it("restarts on the next link", async () => {
    const bed = testBed({ a: breaks("auth", "one ", "two"), b: { text: ["eins ", "zwei"], reasoning: "hm" } });
    const { seen, result } = await watch(bed, "restart");
    expect(seen).toEqual([
      ...text("one ", "two"),
      restart("one two", "a", "b"),
      { type: "reasoning", text: "hm" },
      ...text("eins ", "zwei"),
    ]);
    expect(result).toMatchObject({ text: "eins zwei", provider: "b", seams: [] });
    expect(prefillOf(bed, "b")).toEqual({ role: "user", content: "hello" });
  });

  it("on the same link if ERROR_POLICY permits a retry", async () => {
    const bed = testBed({ a: [breaks("network", "one "), { text: "whole" }], b: {} });
    const { seen, result } = await watch(bed, "restart");
    expect(seen).toEqual([...text("one "), restart("one ", "a", "a"), ...text("whole")]);
    expect(result).toMatchObject({ text: "whole", provider: "a" });
  });

  it("emits a restart event exactly if something was emitted before", async () => {
    const bed = testBed({
      a: breaks("auth", "one"),
      b: { error: failure("auth") },
      c: [breaks("network", "three"), breaks("network", "drei")],
      d: { text: "whole" },
    });
    const { seen, result } = await watch(bed, "restart");
    expect(seen).toEqual([
      ...text("one"),
      restart("one", "a", "b"),
      ...text("three"),
      restart("three", "c", "c"),
      ...text("drei"),
      restart("drei", "c", "d"),
      ...text("whole"),
    ]);
    expect(result?.text).toBe("whole");
    expect(result?.attempts).toHaveLength(5);
  });

  it("withdraws tool calls", async () => {
    const bed = testBed({
      a: { text: "let me ", toolCalls: [tool("t1"), tool("t2")], error: failure("auth"), failAfter: 3 },
      b: { toolCalls: [tool("t3")] },
    });
    const { seen, result } = await watch(bed, "restart", { tools });
    expect(seen).toMatchObject([
      { type: "text", text: "let me " },
      { type: "tool-call", toolCall: { id: "t1" } },
      restart("let me ", "a", "b"),
      { type: "tool-call", toolCall: { id: "t3" } },
    ]);
    expect(result?.toolCalls.map(({ id }) => id)).toEqual(["t3"]);
    expect(result?.text).toBe("");
  });

  it("fails with all_failed if the emitted text is withdrawn and no link serves", async () => {
    const bed = testBed({ a: breaks("auth", "one"), b: { error: failure("quota") } });
    const { seen, error } = await watch(bed, "restart");
    expect(seen).toEqual([...text("one"), restart("one", "a", "b")]);
    expect(isLLMError(error, "all_failed") && error.errors.map(({ code }) => code)).toEqual(["auth", "quota"]);
  });

  it("fails with interrupted when the last link breaks off, with the first failure as the cause", async () => {
    const bed = testBed({ a: breaks("auth", "one"), b: breaks("quota", "eins") });
    const { error } = await watch(bed, "restart");
    expect(error).toMatchObject({ code: "interrupted", partialText: "eins", cause: { code: "auth" } });
    expect(error?.attempts.map((attempt) => attempt.error?.code)).toEqual(["auth", "quota"]);
  });

  it("does not continue after content_filter", async () => {
    const bed = testBed({ a: breaks("content_filter", "one"), b: {} });
    expect((await watch(bed, "restart")).error).toMatchObject({
      code: "interrupted",
      cause: { code: "content_filter" },
    });
    expect(bed.called).toEqual(["a"]);
  });

  it("continues after a stall", async () => {
    const bed = testBed({ a: { text: ["one", "two"], stallAfter: 1 }, b: { text: "whole" } });
    const { seen } = await watch(bed, "restart", { timeouts: { idleMs: 50 } });
    expect(seen).toEqual([...text("one"), restart("one", "a", "b"), ...text("whole")]);
  });

  it("fails with deadline if no time remains", async () => {
    const bed = testBed({ a: breaks("auth", "one"), b: { hang: true } });
    expect((await watch(bed, "restart", { timeouts: { totalMs: 100 } })).error?.code).toBe("deadline");
  });
});

describe("continue", () => {
  it("continues where it broke off, on the next link, and reports the position", async () => {
    const bed = testBed({ a: breaks("auth", "Once upon", " a time"), b: { text: [" there", " was"] } });
    const { seen, result } = await watch(bed, "continue");
    expect(seen).toEqual(text("Once upon", " a time", " there", " was"));
    expect(result).toMatchObject({
      text: "Once upon a time there was",
      message: { role: "assistant", content: "Once upon a time there was" },
      provider: "b",
      seams: [{ at: 16, from: nameOf("a"), to: nameOf("b") }],
    });
    expect(bed.provider("b").calls[0]?.request.messages).toEqual([
      { role: "user", content: "hello" },
      { role: "assistant", content: "Once upon a time" },
    ]);
    expect(result?.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["a", "failed"],
      ["b", "success"],
    ]);
    expect(bed.records).toMatchObject([
      { outcome: "success", seams: [{ at: 16 }], options: { onInterrupted: "continue" } },
    ]);
  });

  it.each<LLMErrorCode>(["network", "server", "truncated", "rate_limit"])(
    "on the next link also after %s",
    async (code) => {
      const bed = testBed({ a: breaks(code, "one "), b: { text: "two" } });
      expect((await watch(bed, "continue")).result?.text).toBe("one two");
      expect(bed.called).toEqual(["a", "b"]);
    },
  );

  it("on the same link if there is no other", async () => {
    const bed = testBed({ a: [breaks("network", "one "), { text: "two" }] });
    const { result } = await watch(bed, "continue");
    expect(result).toMatchObject({ text: "one two", seams: [{ at: 4, from: nameOf("a"), to: nameOf("a") }] });
  });

  describe("trims the end of the prefill, and the white space appears once", () => {
    it.each<[string, string[], string[], string, string]>([
      ["the model repeats the space", ["one "], [" two"], "one", "one two"],
      ["the model does not", ["one "], ["two"], "one", "one two"],
      ["the model repeats it in a separate chunk", ["one "], [" ", "two"], "one", "one two"],
      ["several spaces", ["one \n\n"], [" \n", "\ntwo"], "one", "one \n\ntwo"],
      ["a chunk of only spaces at the end", ["one", "\n"], ["\ntwo"], "one", "one\ntwo"],
      ["the model adds a space that was not there", ["one"], [" two"], "one", "one two"],
      ["the model adds other white space", ["one "], ["\ntwo"], "one", "one \ntwo"],
      ["white space after the first word is kept", ["one "], ["two ", " three"], "one", "one two  three"],
    ])("%s", async (_, before, after, prefill, joined) => {
      const bed = testBed({ a: breaks("auth", ...before), b: { text: after } });
      const { result, seen } = await watch(bed, "continue");
      expect(prefillOf(bed, "b")).toEqual({ role: "assistant", content: prefill });
      expect(result?.text).toBe(joined);
      expect(seen.map((event) => (event.type === "text" ? event.text : event.type)).join("")).toBe(joined);
      expect(result?.seams).toEqual([{ at: before.join("").length, from: nameOf("a"), to: nameOf("b") }]);
    });
  });

  it("is complete if the next model adds nothing", async () => {
    const bed = testBed({ a: breaks("auth", "all said"), b: { text: "" } });
    expect((await watch(bed, "continue")).result).toMatchObject({ text: "all said", provider: "b", seams: [] });
  });

  it("reports each seam", async () => {
    const bed = testBed({ a: breaks("auth", "one "), b: breaks("auth", "two "), c: { text: "three" } });
    const { result } = await watch(bed, "continue");
    expect(result).toMatchObject({
      text: "one two three",
      seams: [
        { at: 4, from: nameOf("a"), to: nameOf("b") },
        { at: 8, from: nameOf("b"), to: nameOf("c") },
      ],
    });
    expect(prefillOf(bed, "c")).toEqual({ role: "assistant", content: "one two" });
  });

  it("has the link whose text is continued, skipping links that added nothing", async () => {
    const bed = testBed({ a: breaks("auth", "one "), b: { error: failure("auth") }, c: { text: "two" } });
    expect((await watch(bed, "continue")).result).toMatchObject({
      text: "one two",
      seams: [{ at: 4, from: nameOf("a"), to: nameOf("c") }],
    });
  });

  describe("restarts", () => {
    it("if the next model does not support prefill", async () => {
      const clean = mockProvider({ id: "b", steps: [{ text: "whole" }], capabilities: { assistantPrefill: false } });
      const bed = testBed({ a: breaks("auth", "one "), b: clean });
      const { seen, result } = await watch(bed, "continue");
      expect(seen).toEqual([...text("one "), restart("one ", "a", "b"), ...text("whole")]);
      expect(result).toMatchObject({ text: "whole", seams: [] });
      expect(prefillOf(bed, "b")).toEqual({ role: "user", content: "hello" });
    });

    it("if only white space was emitted", async () => {
      const bed = testBed({ a: breaks("auth", " \n"), b: { text: "whole" } });
      const { seen, result } = await watch(bed, "continue");
      expect(seen).toEqual([...text(" \n"), restart(" \n", "a", "b"), ...text("whole")]);
      expect(result?.text).toBe("whole");
    });

    it("after a tool call", async () => {
      const bed = testBed({
        a: { text: "let me ", toolCalls: [tool("t1"), tool("t2")], error: failure("auth"), failAfter: 3 },
        b: { text: "whole" },
      });
      const { seen, result } = await watch(bed, "continue", { tools });
      expect(seen.map(({ type }) => type)).toEqual(["text", "tool-call", "restart", "text"]);
      expect(result).toMatchObject({ text: "whole", toolCalls: [], seams: [] });
    });

    it("after an incomplete tool call", async () => {
      const bed = testBed({
        a: {
          parts: [
            { type: "text", text: "let me " },
            { type: "tool-call", index: 0, id: "t", name: "look", inputText: '{"a' },
          ],
          error: failure("auth"),
          failAfter: 2,
        },
        b: { text: "whole" },
      });
      const { seen } = await watch(bed, "continue", { tools });
      expect(seen).toEqual([...text("let me "), restart("let me ", "a", "b"), ...text("whole")]);
    });

    it("and can continue after that", async () => {
      const bed = testBed({
        a: breaks("auth", " "),
        b: breaks("auth", "one "),
        c: { text: "two" },
      });
      expect((await watch(bed, "continue")).result).toMatchObject({
        text: "one two",
        seams: [{ at: 4, from: nameOf("b"), to: nameOf("c") }],
      });
    });
  });

  describe("when a link rejects the prefill", () => {
    const refuses = (code: LLMErrorCode, ...then: MockStep[]) =>
      mockProvider({
        id: "b",
        steps: ({ number, request }) =>
          request.messages.at(-1)?.role === "assistant"
            ? { error: failure(code) }
            : (then[number - 2] ?? { text: "whole" }),
      });

    it.each<LLMErrorCode>(["invalid_request", "unsupported", "context_length"])(
      "(%s) it gets the request again without the prefill",
      async (code) => {
        const bed = testBed({ a: breaks("auth", "one "), b: refuses(code), c: {} });
        const { seen, result } = await watch(bed, "continue");
        expect(seen).toEqual([
          ...text("one "),
          expect.objectContaining({ type: "restart", discardedText: "one " }),
          ...text("whole"),
        ]);
        expect(result).toMatchObject({ text: "whole", provider: "b", seams: [] });
        expect(bed.called).toEqual(["a", "b", "b"]);
        expect(result?.attempts.map(({ error }) => error?.code)).toEqual(["auth", code, undefined]);
      },
    );

    it("the first failure stays the cause if the answer without prefill breaks off, too", async () => {
      const bed = testBed({ a: breaks("server", "one "), b: refuses("invalid_request", breaks("quota", "eins")) });
      const { error } = await watch(bed, "continue");
      expect(error).toMatchObject({ code: "interrupted", partialText: "eins", cause: { code: "server" } });
    });

    it("the first failure is among the errors if the request without prefill fails before any text", async () => {
      const bed = testBed({ a: breaks("server", "one "), b: refuses("invalid_request", { error: failure("quota") }) });
      const { error } = await watch(bed, "continue");
      expect(isLLMError(error, "all_failed") && error.errors.map(({ code }) => code)).toContain("server");
      expect(error?.attempts).toHaveLength(3);
    });
  });

  describe("when the model ignores the prefill and starts again", () => {
    const before = ["Once upon", " a time"];
    const forgetful = (id: string) =>
      mockProvider({
        id,
        steps: ({ request }) => ({
          text: request.messages.at(-1)?.role === "assistant" ? ["Once ", "upon a", " time there"] : ["Once", " more"],
        }),
      });

    it("its text is not emitted, and the answer restarts", async () => {
      const bed = testBed({ a: breaks("auth", ...before), b: forgetful("b") });
      const { seen, result } = await watch(bed, "continue");
      expect(seen).toEqual([...text(...before), restart("Once upon a time", "a", "b"), ...text("Once", " more")]);
      expect(result).toMatchObject({
        text: "Once more",
        seams: [],
        attempts: [{}, { error: { code: "unsupported" } }, {}],
      });
    });

    it("the next link continues if the reader cannot process a restart", async () => {
      const bed = testBed({ a: breaks("auth", ...before), b: forgetful("b"), c: { text: " there was" } });
      const stream = bed.llm.streamText({ ...ask, onInterrupted: "continue" });
      expect((await bed.value(collect(stream.textStream))).events.join("")).toBe("Once upon a time there was");
      expect((await stream.result).seams).toEqual([{ at: 16, from: nameOf("a"), to: nameOf("c") }]);
    });
  });

  describe("when the link that should continue is not available, and the next one does not support prefill", () => {
    const clean = () =>
      mockProvider({ id: "c", steps: [{ text: "whole" }], capabilities: { assistantPrefill: false } });
    async function busy() {
      const step: MockStep = { text: " there", delayMs: 9_000 };
      const bed = testBed({ a: breaks("auth", "Once upon a time"), b: step, c: clean() }, { maxConcurrency: { b: 1 } });
      const other = bed.watch(bed.llm.generateText({ ...ask, provider: "b" }));
      await bed.clock.advance(1);
      return { bed, other };
    }

    it("restarts", async () => {
      const { bed, other } = await busy();
      const { seen, result } = await watch(bed, "continue", { timeouts: { totalMs: 10_000 } });
      expect(seen).toEqual([...text("Once upon a time"), restart("Once upon a time", "a", "c"), ...text("whole")]);
      expect(result).toMatchObject({ text: "whole", provider: "c", seams: [] });
      expect(prefillOf(bed, "c")).toEqual({ role: "user", content: "hello" });
      await bed.value(other);
    });

    it("waits for it if the reader cannot process a restart", async () => {
      const { bed, other } = await busy();
      const stream = bed.llm.streamText({ ...ask, onInterrupted: "continue" });
      expect((await bed.value(collect(stream.textStream))).events.join("")).toBe("Once upon a time there");
      expect(bed.provider("c").calls).toEqual([]);
      await bed.value(other);
    });
  });

  it("fails with interrupted if no link continues, with all the text and the first failure", async () => {
    const bed = testBed({ a: breaks("server", "one "), b: breaks("auth", "two"), c: { error: failure("quota") } });
    const { seen, error } = await watch(bed, "continue");
    expect(seen).toEqual(text("one ", "two"));
    expect(error).toMatchObject({ code: "interrupted", partialText: "one two", cause: { code: "server" } });
    expect(error?.attempts).toHaveLength(3);
  });

  it("does not continue after content_filter", async () => {
    const bed = testBed({ a: breaks("content_filter", "one"), b: {} });
    expect((await watch(bed, "continue")).error).toMatchObject({ code: "interrupted", partialText: "one" });
  });

  it("can be read as textStream", async () => {
    const bed = testBed({ a: breaks("auth", "one "), b: { text: [" ", "two"] } });
    const stream = bed.llm.streamText({ ...ask, onInterrupted: "continue" });
    expect((await bed.value(collect(stream.textStream))).events.join("")).toBe("one two");
  });
});

describe("emitted reasoning of a failed attempt is discarded", () => {
  const discarded = (discardedText: string, from: string): StreamEvent => ({
    type: "reasoning-discarded",
    discardedText,
    from: nameOf(from),
  });
  const thought = (text: string): StreamEvent => ({ type: "reasoning", text });

  it("once after the attempt; the reasoning of the answer is kept", async () => {
    const bed = testBed({
      a: { reasoning: ["hm ", "hm"], error: failure("auth"), failAfter: 2 },
      b: { error: failure("auth") },
      c: { reasoning: "aha", text: "so" },
    });
    const { events } = await bed.value(collect(bed.llm.streamText(ask)));
    expect(events.map((event) => (event.type === "attempt" ? event.attempt.outcome : event))).toEqual([
      thought("hm "),
      thought("hm"),
      "failed",
      discarded("hm hm", "a"),
      "failed",
      thought("aha"),
      ...text("so"),
      "success",
      expect.objectContaining({ type: "finish", result: expect.objectContaining({ reasoning: "aha" }) }),
    ]);
  });

  it("before a restart", async () => {
    const bed = testBed({ a: { reasoning: "hm", text: ["one", "x"], error: failure("auth"), failAfter: 2 }, b: {} });
    const { seen } = await watch(bed, "restart");
    expect(seen.slice(0, 4)).toEqual([thought("hm"), ...text("one"), discarded("hm", "a"), restart("one", "a", "b")]);
  });

  it("when the text is continued: the result has the reasoning of the last link", async () => {
    const bed = testBed({
      a: { reasoning: "hm", text: ["one ", "x"], error: failure("auth"), failAfter: 2 },
      b: { reasoning: "aha", text: "two" },
    });
    const { seen, result } = await watch(bed, "continue");
    expect(seen).toEqual([thought("hm"), ...text("one "), discarded("hm", "a"), thought("aha"), ...text("two")]);
    expect(result).toMatchObject({ text: "one two", reasoning: "aha" });
  });

  it("also that of the last attempt", async () => {
    const bed = testBed({ a: { reasoning: "hm", error: failure("auth"), failAfter: 1 } });
    const { seen, error } = await watch(bed, undefined);
    expect(seen).toEqual([thought("hm"), discarded("hm", "a")]);
    expect(error?.code).toBe("auth");
  });
});

describe("events that no reader receives do not commit", () => {
  it.each(["textStream", "snapshots"] as const)("a tool call, read as %s", async (way) => {
    const bed = testBed({ a: { toolCalls: [tool("t1"), tool("t2")], error: failure("auth"), failAfter: 2 }, b: {} });
    const stream = bed.llm.streamText({ ...ask, tools });
    expect((await bed.value(collect(stream[way]))).events.at(-1)).toBe("answer 1 of b");
    expect(await stream.result).toMatchObject({ text: "answer 1 of b", toolCalls: [] });
  });
});

describe("generateText always restarts and never joins texts", () => {
  it.each<LLMErrorCode>(["network", "auth", "truncated", "server"])("after %s", async (code) => {
    const bed = testBed({ a: breaks(code, "one ", "two"), b: { text: "whole" } });
    const result = await bed.value(bed.llm.generateText(ask));
    expect(result).toMatchObject({ text: "whole", seams: [], provider: "b" });
    expect(bed.provider("b").calls[0]?.request.messages).toEqual([{ role: "user", content: "hello" }]);
  });

  it("and fails with all_failed, never with interrupted", async () => {
    const bed = testBed({ a: breaks("auth", "one"), b: breaks("auth", "two") });
    expect((await bed.error(bed.llm.generateText(ask))).code).toBe("all_failed");
  });
});
