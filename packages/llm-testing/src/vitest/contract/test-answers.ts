import { type FinishReason, type ModelRequest, type StreamPart, UNKNOWN_USAGE } from "@babylon/llm-core";
import { expect } from "vitest";
import type { ScriptedAnswer } from "../../simulator/fault/fault.ts";
import type { ContractBench } from "./contract-bench.ts";

const isLife = ({ type }: StreamPart): boolean => type === "text" || type === "reasoning" || type === "tool-call";

/** Text, reasoning, usage and finish reasons, streamed and not streamed. */
export function testAnswers(bench: ContractBench): void {
  const { test } = bench;

  /** The same request in both modes: `[streamed, not streamed]`. */
  async function bothWays(script: ScriptedAnswer, fields: Partial<ModelRequest> = {}) {
    bench.server.setFault({ kind: "answer", ...script });
    const streamed = await bench.collect(bench.request(fields));
    const whole = await bench.provider().generate(bench.request(fields), bench.context());
    expect(streamed.error).toBeNull();
    return [streamed.response, whole] as const;
  }

  test("streams the same answer as with JSON", async () => {
    const streamed = await bench.collect(bench.request());
    const whole = await bench.provider().generate(bench.request(), bench.context());
    expect(streamed.error).toBeNull();
    const { text, toolCalls, finishReason, rawFinishReason, usage, responseModel } = whole;
    expect(text.length).toBeGreaterThan(20);
    expect(finishReason).toBe("stop");
    expect(streamed.response).toMatchObject({ text, toolCalls, finishReason, rawFinishReason, usage, responseModel });
    expect(streamed.parts.filter(({ type }) => type === "text").length).toBeGreaterThan(2);
  });

  test("ends a stream with exactly one finish part", async () => {
    const { parts } = await bench.collect(bench.request());
    const types = parts.map(({ type }) => type);
    expect(types.indexOf("finish")).toBe(types.length - 1);
    expect(parts.findLastIndex(isLife)).toBeLessThan(types.length - 1);
    expect(types).toContain("usage");
    for (const part of parts) if (part.type === "text") expect(part.text).not.toBe("");
  });

  test("reports the head of a reply once, before the first part", async () => {
    const context = bench.context();
    for await (const _ of bench.provider().stream(bench.request(), context)) {
      expect(context.heads).toHaveLength(1);
    }
    const json = bench.context();
    await bench.provider().generate(bench.request(), json);
    for (const head of [...context.heads, ...json.heads]) {
      expect(head.status).toBe(200);
      expect(head.requestId === null || head.requestId.length > 0).toBe(true);
      for (const { limit, remaining, resetMs } of head.rateLimits) {
        for (const value of [limit, remaining, resetMs]) expect(value === null || value >= 0).toBe(true);
      }
    }
    expect(json.heads).toHaveLength(1);
  });

  test("separates reasoning from the text", async () => {
    const both = await bothWays({ text: "The answer.", reasoning: "Some long thoughts." });
    for (const response of both) {
      expect(response?.text).toBe("The answer.");
      const reasoning = response?.reasoning.map(({ text }) => text).join("") ?? "";
      // OpenAI never shows reasoning in Chat Completions.
      expect(reasoning).toBe(bench.wire === "openai" ? "" : "Some long thoughts.");
    }
  });

  test("keeps every character for any split of the bytes", async () => {
    const text = 'Ünï "quoted" \\ back\nline — 漢字 👩‍🚀🏽 \u2028 end';
    const [streamed, whole] = await bothWays({ text, reasoning: null });
    expect([streamed?.text, whole.text]).toEqual([text, text]);
  });

  test("reads a stream that is split at every byte", async () => {
    const whole = await bench.collect(bench.request());
    for (const bytes of [1, 2, 3, 5, 7, 16, 61]) {
      bench.server.setFault({ kind: "split", bytes });
      const split = await bench.collect(bench.request());
      expect(split.error, `${bytes} bytes`).toBeNull();
      expect(split.response?.text, `${bytes} bytes`).toBe(whole.response?.text);
      expect(split.response?.usage, `${bytes} bytes`).toEqual(whole.response?.usage);
    }
  });

  test("counts cached tokens as part of the input, and reasoning as part of the output", async () => {
    const usage = { inputTokens: 1_000, cachedTokens: 400, outputTokens: 70, reasoningTokens: 20 };
    for (const response of await bothWays({ text: "x", reasoning: "y", usage })) {
      const { reasoningTokens, ...counts } = response?.usage ?? {};
      expect(counts).toMatchObject({ inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 70 });
      // W&B does not report it.
      expect(reasoningTokens).toBe(bench.wire === "wandb" ? null : 20);
    }
  });

  test("usage is unknown if the vendor does not report it", async () => {
    const [streamed, whole] = await bothWays({ text: "x", usage: null });
    expect(streamed?.usage).toEqual(UNKNOWN_USAGE);
    expect(whole.usage).toEqual(UNKNOWN_USAGE);
  });

  const ENDS: readonly (readonly [ScriptedAnswer, FinishReason])[] = [
    [{ text: "x", finishReason: "stop" }, "stop"],
    [{ text: "x", finishReason: "length" }, "length"],
    [{ text: "x", finishReason: "content-filter" }, "content-filter"],
    [{ text: "x", rawFinishReason: "odd_new_reason" }, "other"],
    [{ toolCalls: [{ name: "look_up", arguments: { at: "x" } }] }, "tool-calls"],
  ];
  for (const [script, expected] of ENDS) {
    test(`maps the finish reason: ${script.rawFinishReason ?? expected}`, async () => {
      for (const response of await bothWays(script)) {
        expect(response?.finishReason).toBe(expected);
        expect(response?.rawFinishReason).toMatch(script.rawFinishReason ?? /\w/);
      }
    });
  }

  test("returns an answer without only its end marker as complete, at once", async () => {
    bench.server.setFault({ kind: "no-done" });
    const { error, response } = await bench.collect(bench.request());
    expect(error).toBeNull();
    expect(response?.finishReason).toBe("stop");
  });

  test("waits while a model reasons, visibly or not", async () => {
    for (const visible of [true, false]) {
      bench.server.setFault({ kind: "reasoning", ms: 40, visible });
      const { error, response } = await bench.collect(bench.request());
      expect(error).toBeNull();
      expect(response?.text).not.toBe("");
      const whole = await bench.provider().generate(bench.request(), bench.context());
      expect(whole.text).toBe(response?.text);
    }
  });

  test("answers concurrent requests, each with its own answer", async () => {
    const provider = bench.provider();
    const prompts = Array.from({ length: 20 }, (_, index) => `Write post number ${index}.`);
    const ask = (content: string): ModelRequest => bench.request({ messages: [{ role: "user", content }] });
    const alone = await Promise.all(prompts.map((prompt) => provider.generate(ask(prompt), bench.context())));
    const streamed = await Promise.all(prompts.map((prompt) => bench.collect(ask(prompt), bench.context(), provider)));
    expect(streamed.map(({ response }) => response?.text)).toEqual(alone.map(({ text }) => text));
    expect(new Set(alone.map(({ text }) => text)).size).toBeGreaterThan(10);
  });

  test("accepts a conversation in any order that core may send", async () => {
    const messages: ModelRequest["messages"] = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "One." },
          { type: "text", text: "Two." },
        ],
      },
      { role: "user", content: "Three." },
      {
        role: "assistant",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "Aye." },
        ],
      },
      { role: "system", content: [{ type: "text", text: "Be kind, too." }] },
      { role: "user", content: "Four." },
    ];
    const { error } = await bench.collect(bench.request({ messages }));
    expect(error).toBeNull();
    await bench.provider().generate(bench.request({ messages }), bench.context());
  });
}
