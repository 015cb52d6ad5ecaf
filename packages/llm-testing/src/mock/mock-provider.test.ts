import { type AttemptContext, LLMError, type ModelRequest, type StreamPart } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../clock/fake-clock.ts";
import { type MockProvider, mockProvider } from "./mock-provider.ts";

const request: ModelRequest = { model: "m", messages: [{ role: "user", content: "hello" }] };
const overloaded = () => new LLMError({ code: "overloaded", message: "busy", status: 503 });

function contextOf(clock: FakeClock, signal: AbortSignal = new AbortController().signal): AttemptContext {
  return { signal, env: {}, clock, callId: "c1", credentials: null, limitMs: null, onResponse: () => {} };
}

/** Collects a stream with the time of each part; the last entry is the error, if any. */
async function collect(provider: MockProvider, context: AttemptContext): Promise<[number, StreamPart | unknown][]> {
  const seen: [number, unknown][] = [];
  try {
    for await (const part of provider.stream(request, context)) seen.push([context.clock.monotonic(), part]);
  } catch (error) {
    seen.push([context.clock.monotonic(), error]);
  }
  return seen;
}

describe("a healthy step", () => {
  it("streams parts on the clock and adds up to the same answer as JSON", async () => {
    const clock = createFakeClock();
    const provider = mockProvider({
      id: "a",
      steps: [{ reasoning: "hm", text: ["one ", "two"], delayMs: 100, gapMs: 10 }],
    });
    const streamed = collect(provider, contextOf(clock));
    const generated = provider.generate(request, contextOf(clock));
    await clock.advance(119);
    expect(provider.active).toBe(2);
    await clock.advance(1);
    const parts = await streamed;
    expect(parts.map(([at, part]) => [at, (part as StreamPart).type])).toEqual([
      [100, "reasoning"],
      [110, "text"],
      [120, "text"],
      [120, "usage"],
      [120, "finish"],
    ]);
    expect(await generated).toMatchObject({
      text: "one two",
      reasoning: [{ text: "hm" }],
      finishReason: "stop",
      usage: { inputTokens: 10, outputTokens: 5 },
    });
    expect(provider.active).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("repeats the last step, and numbers its calls", async () => {
    const provider = mockProvider({ steps: [{ text: "first" }, { text: "rest" }] });
    const texts: string[] = [];
    for (let call = 0; call < 3; call += 1) {
      texts.push((await provider.generate(request, contextOf(createFakeClock()))).text);
    }
    expect(texts).toEqual(["first", "rest", "rest"]);
    expect(provider.calls.map((call) => [call.number, call.transport])).toEqual([
      [1, "json"],
      [2, "json"],
      [3, "json"],
    ]);
  });

  it("calls a function for the step", async () => {
    const provider = mockProvider({ id: "a", steps: (call) => ({ text: `${call.number} ${call.request.model}` }) });
    expect((await provider.generate(request, contextOf(createFakeClock()))).text).toBe("1 m");
  });

  it("turns tool calls into parts and a finish reason", async () => {
    const provider = mockProvider({ steps: [{ toolCalls: [{ id: "t1", name: "look", input: { at: 1 } }] }] });
    const response = await provider.generate(request, contextOf(createFakeClock()));
    expect(response).toMatchObject({
      text: "",
      finishReason: "tool-calls",
      toolCalls: [{ id: "t1", name: "look", inputText: '{"at":1}' }],
    });
  });
});

describe("a step that fails", () => {
  it("throws before the first part, or after a number of parts", async () => {
    const clock = createFakeClock();
    const provider = mockProvider({
      steps: [
        { error: overloaded, delayMs: 5 },
        { text: ["a", "b"], error: overloaded, failAfter: 1 },
      ],
    });
    const first = collect(provider, contextOf(clock));
    await clock.advance(5);
    expect(await first).toEqual([[5, expect.objectContaining({ code: "overloaded" })]]);
    expect(await collect(provider, contextOf(clock))).toEqual([
      [5, { type: "text", text: "a" }],
      [5, expect.objectContaining({ code: "overloaded" })],
    ]);
    expect(provider.active).toBe(0);
  });

  it("ends without finish when truncated; JSON throws", async () => {
    const provider = mockProvider({ steps: [{ text: "half", truncate: true }] });
    const parts = await collect(provider, contextOf(createFakeClock()));
    expect(parts.map(([, part]) => (part as StreamPart).type)).toEqual(["text", "usage"]);
    await expect(provider.generate(request, contextOf(createFakeClock()))).rejects.toMatchObject({ code: "truncated" });
  });

  it.each([
    ["hang", { hang: true }, 0],
    ["stall", { text: ["a", "b"], stallAfter: 1 }, 1],
    ["delay", { delayMs: 1_000 }, 0],
  ])("%s lasts until the abort, and leaves no listener and no timer", async (_, step, partsBefore) => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const reason = new Error("enough");
    const provider = mockProvider({ steps: [step] });
    const streamed = collect(provider, contextOf(clock, controller.signal));
    const generated = expect(provider.generate(request, contextOf(clock, controller.signal))).rejects.toMatchObject({
      code: "aborted",
      cause: reason,
    });
    await clock.advance(500);
    expect(provider.active).toBe(2);
    controller.abort(reason);
    const seen = await streamed;
    await generated;
    expect(seen).toHaveLength(partsBefore + 1);
    expect(seen.at(-1)?.[1]).toMatchObject({ code: "aborted", cause: reason });
    expect(provider.active).toBe(0);
    expect(clock.pendingTimers()).toBe(0);
  });

  it("counts a stream as closed when the iteration ends early", async () => {
    const provider = mockProvider({ steps: [{ text: ["a", "b"] }] });
    for await (const _ of provider.stream(request, contextOf(createFakeClock()))) {
      expect(provider.active).toBe(1);
      break;
    }
    expect(provider.active).toBe(0);
  });
});

it("is configured by default, or as the option states", () => {
  expect(mockProvider().isConfigured({})).toBe(true);
  expect(mockProvider({ configured: false }).isConfigured({})).toBe(false);
  const byKey = mockProvider({ id: "a-b", configured: (env) => env.A_B_API_KEY !== undefined });
  expect(byKey.envKey).toBe("A_B_API_KEY");
  expect(byKey.isConfigured({ A_B_API_KEY: "k" })).toBe(true);
});
