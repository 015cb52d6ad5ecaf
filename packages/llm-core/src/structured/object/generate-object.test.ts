import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ModelCapabilities } from "../../contract/provider.ts";
import { isLLMError } from "../../errors/llm-error.ts";
import { collect, failure, testBed } from "../../test-support/test-bed.ts";

// Loaded on first use; the fake clock would not wait for the disk.
import "./generate-object.ts";
import "../check-tool-call.ts";

const schema = z.object({ post: z.string(), mood: z.number().optional() });
const prompt = "Write a post.";
const good = { text: '{"post":"x"}' };
const wrong = { text: '{"post":5}' };
const cut: MockStep = { text: '{"post":"The harb', finishReason: "length" };

const asked = (bed: ReturnType<typeof testBed>, id: string, call = 0) => {
  const request = bed.provider(id).calls[call]?.request;
  if (request === undefined) throw new Error("no such call");
  return request;
};
const limited = (steps: readonly MockStep[], capabilities: Partial<ModelCapabilities>, id = "a") =>
  mockProvider({ id, steps, capabilities });

describe("generateObject", () => {
  it("returns the value with all fields of a text result, from one request", async () => {
    const bed = testBed({ a: good });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt }));
    expect(result).toMatchObject({
      object: { post: "x" },
      text: '{"post":"x"}',
      provider: "a",
      finishReason: "stop",
      totalUsage: { inputTokens: 10, outputTokens: 5 },
      warnings: [],
    });
    expect(bed.records).toHaveLength(1);
    expect(bed.records[0]?.attempts[0]?.responseFormat).toMatchObject({
      type: "json-schema",
      strict: true,
      schema: { required: ["post", "mood"], additionalProperties: false },
    });
  });

  it("removes the null of a widened member", async () => {
    const bed = testBed({ a: { text: '{"post":"x","mood":null}' } });
    expect((await bed.value(bed.llm.generateObject({ schema, prompt }))).object).toEqual({ post: "x" });
  });

  it("lets the schema transform, and nothing else", async () => {
    const bed = testBed({ a: { text: '{"n":"42","id":"007"}' } });
    const coercing = z.object({ n: z.coerce.number(), id: z.string() });
    expect((await bed.value(bed.llm.generateObject({ schema: coercing, prompt }))).object).toEqual({
      n: 42,
      id: "007",
    });
  });

  it("asks the same link again with the issues and the previous answer", async () => {
    const bed = testBed({ a: [wrong, good] });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt }));
    expect(result.object).toEqual({ post: "x" });
    expect(result.attempts.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ["failed", "schema_mismatch"],
      ["success", undefined],
    ]);
    expect(result.totalUsage.outputTokens).toBe(10);
    const [, echo, complaint] = asked(bed, "a", 1).messages;
    expect(echo).toEqual({ role: "assistant", content: wrong.text });
    expect(complaint?.content).toMatch(/post: .*expected string/);
  });

  it("records every request as it was sent, for those who record content", async () => {
    const bed = testBed({ a: limited([wrong, good], { schema: ["prompt"] }) }, { recordContent: true });
    await bed.value(bed.llm.generateObject({ schema, prompt }));
    const requests = bed.records[0]?.content?.requests;
    expect(requests?.map(({ messages }) => messages)).toEqual([
      asked(bed, "a", 0).messages,
      asked(bed, "a", 1).messages,
    ]);
    expect(JSON.stringify(requests?.[0])).toContain("JSON schema: ");
  });

  it("falls back to the next link, whose request does not contain the previous answer", async () => {
    const bed = testBed({ a: wrong, b: good });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt }));
    expect(result.provider).toBe("b");
    expect(bed.called).toEqual(["a", "a", "b"]);
    expect(asked(bed, "b").messages).toHaveLength(1);
  });

  it.each([
    [0, 1],
    [1, 2],
    [3, 4],
  ])("with maxReasks %i asks %i times in all", async (maxReasks, calls) => {
    const bed = testBed({ a: wrong });
    const error = await bed.error(bed.llm.generateObject({ schema, prompt, maxReasks }));
    expect(bed.called).toHaveLength(calls);
    expect(isLLMError(error, "schema_mismatch") && error.issues[0]?.path).toEqual(["post"]);
    expect(isLLMError(error, "schema_mismatch") && error.text).toBe(wrong.text);
    expect(error.attempts).toHaveLength(calls);
  });

  it("retries faults of the wire as any call does, re-asks not counted", async () => {
    const bed = testBed({ a: [{ error: failure("overloaded") }, wrong, { error: failure("overloaded") }, good] });
    expect((await bed.value(bed.llm.generateObject({ schema, prompt }))).object).toEqual({ post: "x" });
    expect(bed.called).toHaveLength(4);
  });

  it("asks a cut object again from scratch, for a longer answer", async () => {
    const bed = testBed({ a: [cut, good] });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt, maxOutputTokens: 100 }));
    expect(result.object).toEqual({ post: "x" });
    expect(result.attempts[0]?.error?.code).toBe("truncated");
    expect(asked(bed, "a", 1)).toMatchObject({ maxOutputTokens: 400, messages: [{ role: "user", content: prompt }] });
    expect(result.warnings).toEqual(["maxOutputTokens raised to 400: the answer had been cut"]);
  });

  it("stays within the limit of the model, then uses a link with a higher limit, then fails", async () => {
    const bed = testBed({
      a: limited([cut], { maxOutputTokens: 150 }),
      b: limited([good], { maxOutputTokens: 120 }, "b"),
      c: limited([good], { maxOutputTokens: 4000 }, "c"),
    });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt, maxOutputTokens: 100 }));
    expect(bed.called).toEqual(["a", "a", "c"]);
    expect(asked(bed, "a", 1).maxOutputTokens).toBe(150);
    expect(asked(bed, "c").maxOutputTokens).toBe(600);
    expect(result.provider).toBe("c");

    const small = testBed({ a: limited([cut], { maxOutputTokens: 150 }) });
    const error = await small.error(small.llm.generateObject({ schema, prompt, maxOutputTokens: 150 }));
    expect(error.code).toBe("truncated");
    expect(small.called).toEqual(["a"]);
  });

  it("does not hold a cut answer against the link", async () => {
    const bed = testBed({ a: [cut, cut, cut, cut, cut, cut, good] }, { breaker: { consecutiveFailures: 2 } });
    for (let call = 0; call < 2; call += 1)
      await bed.ending(bed.llm.generateObject({ schema, prompt, maxOutputTokens: 10 }));
    expect(bed.llm.health()[0]?.state).toBe("closed");
  });

  it("ends with content_filter when the answer was broken off there", async () => {
    const bed = testBed({ a: { text: '{"post":"x', finishReason: "content-filter" }, b: good });
    expect((await bed.error(bed.llm.generateObject({ schema, prompt }))).code).toBe("content_filter");
    expect(bed.called).toEqual(["a"]);
  });

  it.each([
    [["strict"], { responseFormat: { type: "json-schema", strict: true } }],
    [["loose"], { responseFormat: { type: "json-schema", strict: false } }],
    [["json-mode"], { responseFormat: { type: "json" } }],
    [["tool"], { toolChoice: { tool: "answer" } }],
    [["prompt"], { messages: [{ role: "system", content: expect.stringMatching(/\nJSON schema: \{.*\}$/) }, {}] }],
  ] as const)("asks in the dialect %s", async (dialects, request) => {
    const step: MockStep =
      dialects[0] === "tool" ? { toolCalls: [{ id: "1", name: "answer", input: { post: "x" } }] } : good;
    const bed = testBed({ a: limited([step], { schema: dialects }) });
    const result = await bed.value(bed.llm.generateObject({ schema, prompt }));
    expect(asked(bed, "a")).toMatchObject(request);
    expect(bed.records[0]?.attempts[0]?.schemaDialect).toBe(dialects[0]);
    expect(result).toMatchObject({
      object: { post: "x" },
      text: '{"post":"x"}',
      toolCalls: [],
      finishReason: "stop",
      message: { role: "assistant", content: '{"post":"x"}' },
    });
  });

  it("chooses the dialect for each link, and the transport with it", async () => {
    const bed = testBed({
      a: limited([{ error: failure("server") }], { schema: ["strict"], schemaWithStreaming: false }),
      b: limited([good], { schema: ["json-mode"] }, "b"),
    });
    await bed.value(bed.llm.generateObject({ schema, prompt, maxRetries: 0 }));
    expect(bed.provider("a").calls[0]).toMatchObject({ transport: "json" });
    expect(bed.provider("b").calls[0]).toMatchObject({
      transport: "stream",
      request: { responseFormat: { type: "json" } },
    });
  });

  it("warns if the best dialect cannot express the schema", async () => {
    const bed = testBed({ a: { text: '{"a":1}' } });
    const result = await bed.value(bed.llm.generateObject({ schema: z.record(z.string(), z.number()), prompt }));
    expect(result.object).toEqual({ a: 1 });
    expect(result.warnings).toEqual([
      expect.stringMatching(/cannot be requested as "strict": \$ has members of any name/),
    ]);
  });

  it("wraps roots that are not objects, and unwraps the answer", async () => {
    const bed = testBed({ a: [{ text: '{"value":"yes"}' }, { text: '{"items":[1,2]}' }] });
    expect((await bed.value(bed.llm.generateObject({ schema: z.enum(["yes", "no"]), prompt }))).object).toBe("yes");
    expect((await bed.value(bed.llm.generateObject({ schema: z.array(z.number()), prompt }))).object).toEqual([1, 2]);
  });

  it("returns null if the model called a tool of the caller", async () => {
    const tools = {
      look: { inputSchema: { type: "object", properties: { at: { type: "number" } }, required: ["at"] } },
    };
    const bed = testBed({
      a: [{ toolCalls: [{ id: "1", name: "look", input: { at: "x" } }] }, { text: '{"post":"x"}' }],
    });
    const first = await bed.value(bed.llm.generateObject({ schema, prompt, tools }));
    expect(first.object).toBeNull();
    expect(first.toolCalls).toMatchObject([{ name: "look", invalid: expect.stringContaining("schema") }]);
    expect((await bed.value(bed.llm.generateObject({ schema, prompt, tools }))).object).toEqual({ post: "x" });
  });

  it("waits for asynchronous validators, but not longer than the deadline", async () => {
    const slow = { jsonSchema: { type: "object" }, validate: () => new Promise<never>(() => {}) };
    const bed = testBed({ a: good });
    const { error, atMs } = await bed.ending(
      bed.llm.generateObject({ schema: slow, prompt, timeouts: { totalMs: 1_000 } }),
    );
    expect(error?.code).toBe("deadline");
    expect(atMs).toBeLessThanOrEqual(1_100);
    const quick = { jsonSchema: {}, validate: async (value: unknown) => ({ value: { was: value } }) };
    expect((await bed.value(bed.llm.generateObject({ schema: quick, prompt }))).object).toEqual({ was: { post: "x" } });
  });
});

describe("streamObject", () => {
  const story = z.object({ title: z.string(), tags: z.array(z.string()), body: z.string() });
  const text = ['{"title":"T', '","tags":["a",', '"b"],"bo', 'dy":"long"', "}"];

  it("gives the object as its members are complete", async () => {
    const bed = testBed({ a: { text } });
    const stream = bed.llm.streamObject({ schema: story, prompt });
    expect((await collect(stream)).events).toEqual([
      { title: "T" },
      { title: "T", tags: ["a", "b"] },
      { title: "T", tags: ["a", "b"], body: "long" },
    ]);
    expect((await stream.result).object).toEqual({ title: "T", tags: ["a", "b"], body: "long" });
  });

  it("starts again after an attempt that broke off", async () => {
    const bed = testBed(
      { a: [{ text, error: failure("server"), failAfter: 2 }], b: { text } },
      { retry: { maxRetries: 0 } },
    );
    const { events } = await collect(bed.llm.streamObject({ schema: story, prompt }));
    // The empty one says that what was shown is void.
    expect(events.map((snapshot) => Object.keys(snapshot).length)).toEqual([1, 0, 1, 2, 3]);
  });

  it("leaves nothing of an attempt that failed, also when no snapshot comes after it", async () => {
    const bed = testBed(
      { a: [{ text, error: failure("server"), failAfter: 2 }], b: { text: "{title:'U',tags:[],body:'sloppy',}" } },
      { retry: { maxRetries: 0 } },
    );
    const stream = bed.llm.streamObject({ schema: story, prompt });
    expect((await collect(stream)).events).toEqual([{ title: "T" }, {}]);
    expect((await stream.result).object.title).toBe("U");
  });

  it("streams in a dialect that streams", async () => {
    const bed = testBed({ a: limited([{ text }], { schema: ["strict", "json-mode"], schemaWithStreaming: false }) });
    const stream = bed.llm.streamObject({ schema: story, prompt });
    expect((await collect(stream)).events).toHaveLength(3);
    expect(bed.provider("a").calls[0]).toMatchObject({
      transport: "stream",
      request: { responseFormat: { type: "json" } },
    });
    expect((await stream.result).warnings).toEqual([expect.stringContaining("streaming")]);
  });
});
