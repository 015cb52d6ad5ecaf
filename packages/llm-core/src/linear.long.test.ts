import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, expect, it } from "vitest";
import type { StreamPart } from "./contract/model-answer.ts";
import { LLMError } from "./errors/llm-error.ts";
import { redact } from "./errors/redact.ts";
import type { ChainLink } from "./plan/plan-chain.ts";
import { createAnswer, finishAnswer, takePart, toToolCall } from "./run/answer.ts";
import { createItemStream } from "./structured/array/item-stream.ts";
import { checkToolCall } from "./structured/check-tool-call.ts";

const limits = { timeout: 60_000 };
const link = { provider: "a", model: "m" } as ChainLink;
const finish: StreamPart = {
  type: "finish",
  finishReason: "stop",
  rawFinishReason: "stop",
  responseId: null,
  responseModel: null,
};

describe("the time for an answer is linear in its parts", limits, () => {
  it.each<[string, (at: number) => StreamPart]>([
    ["text", () => ({ type: "text", text: "word " })],
    ["reasoning", () => ({ type: "reasoning", text: "word " })],
    ["blocks of reasoning", () => ({ type: "reasoning", text: "word ", data: {} })],
    ["the arguments of one call", () => ({ type: "tool-call", index: 0, name: "f", inputText: "12345" })],
    ["tool calls", (index) => ({ type: "tool-call", index, id: `c${index}`, name: "f", inputText: "{}" })],
  ])("%s", async (_, partOf) => {
    await expectLinear((size) => {
      const parts = Array.from({ length: size / 10 }, (_, at) => partOf(at));
      return () => {
        const answer = createAnswer(undefined);
        takePart(answer, { type: "text", text: "x" });
        for (const part of parts) takePart(answer, part);
        takePart(answer, finish);
        return finishAnswer(answer, link).text.length;
      };
    });
  });

  it("tool arguments that are validated", async () => {
    const tools = { f: { inputSchema: { type: "object", properties: { a: { type: "number" } } } } };
    await expectLinear((size) => {
      const validators = new Map();
      return () => {
        for (let at = 0; at < size / 20; at += 1) {
          checkToolCall(toToolCall({ id: "c", name: "f", inputText: '{"a":1}' }, tools), tools, validators);
        }
      };
    });
  });
});

it("the time for unread items is linear in their number", limits, async () => {
  await expectLinear(
    (size) => async () => {
      const count = size / 10;
      const stream = createItemStream<number, void>(async (sink) => {
        for (let at = 0; at < count; at += 1) sink.emit(at);
      });
      let next = 0;
      for await (const item of stream) {
        expect(item === next).toBe(true);
        next += 1;
      }
      expect(next).toBe(count);
    },
    // 100,000 turns of the reader.
    { msPerMillion: 300 },
  );
});

/** Longer texts than for an answer: error texts are cut before they are redacted. */
const REDACTION = { msPerMillion: 400 };

describe("the time for redaction is linear in the text", limits, () => {
  it.each([
    ["lorem ipsum "],
    ["eyJ-"],
    ["eyJ"],
    ["eyJa."],
    ["eyJa.b"],
    ["sk-"],
    ["sk-abcdefgh "],
    ["key_"],
    ["bearer "],
    ["bearer"],
    ["token"],
    ["token: "],
    ["token="],
    ["token\\\\"],
    [" ", "token"],
    [" ", "token:"],
    ["\\", "token="],
    ["?key="],
    ["key provided: "],
    ["a://"],
    ["a", "a://"],
    ["a."],
    ["abcdef0123456789"],
    ["abcdef0123456789", "", "g"],
    ["abcdef0123456789 "],
  ])("%s", async (unit, before = "", after = "") => {
    await expectLinear((size) => {
      const text = before + unit.repeat(size / unit.length) + after;
      return () => redact(text, ["a-key-in-use"]);
    }, REDACTION);
  });
});

it("a message is cut before it is redacted", () => {
  const error = new LLMError({ code: "server", message: `${"lorem ".repeat(100_000)} sk-0123456789abcdef` });
  expect(error.message.length).toBe(4_096);
  expect(error.with({ provider: "a" }).message).toBe(error.message);
  const cause = new LLMError({ code: "network", message: "x", cause: new Error("lorem ".repeat(100_000)) }).cause;
  expect(cause).toMatchObject({ message: "lorem ".repeat(50) });
});
