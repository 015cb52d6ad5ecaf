import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, it } from "vitest";
import { createEventMapper } from "./reply/from-event.ts";
import { fromModelList } from "./reply/from-model-list.ts";
import { fromResponse } from "./reply/from-response.ts";
import { mapError } from "./reply/map-error.ts";
import { replySource } from "./test-support/reply-source.ts";

const limits = { timeout: 60_000 };

describe("a stream takes time linear in its length", limits, () => {
  const start = (index: number, block: unknown) => ({ type: "content_block_start", index, content_block: block });
  const delta = (index: number, of: unknown) => ({ type: "content_block_delta", index, delta: of });
  const stop = (index: number) => ({ type: "content_block_stop", index });
  it.each<[string, (at: number) => readonly unknown[]]>([
    ["texts", (at) => [delta(0, { type: "text_delta", text: `word ${at}` })]],
    ["reasoning", (at) => [start(at, { type: "thinking", thinking: "x" }), stop(at)]],
    ["a signature", () => [start(0, { type: "thinking" }), delta(0, { type: "signature_delta", signature: "x" })]],
    ["tool calls", (at) => [start(at, { type: "tool_use", id: `c${at}`, name: "f" }), stop(at)]],
    ["tool calls that never end", (at) => [start(at, { type: "tool_use", id: `c${at}`, name: "f" })]],
    ["input", () => [start(0, { type: "tool_use" }), delta(0, { type: "input_json_delta", partial_json: "1" })]],
  ])("%s", async (_, eventsOf) => {
    await expectLinear((size) => {
      const events = Array.from({ length: size / 100 }, (_, at) => eventsOf(at)).flat();
      const datas = events.map((event) => JSON.stringify(event));
      return () => {
        const mapper = createEventMapper(replySource());
        for (const data of datas) mapper.map({ event: null, data });
      };
    });
  });
});

describe("JSON replies take time linear in their length", limits, () => {
  it.each<[string, unknown]>([
    ["texts", { type: "text", text: "x" }],
    ["reasoning", { type: "thinking", thinking: "x", signature: "s" }],
    ["tool calls", { type: "tool_use", id: "c", name: "f", input: { a: 1 } }],
  ])("%s", async (_, block) => {
    await expectLinear((size) => {
      const content = Array.from({ length: size / 40 }, () => block);
      const text = JSON.stringify({ content, stop_reason: "end_turn" });
      return () => fromResponse(text, replySource());
    });
  });

  it("a list of models", async () => {
    await expectLinear((size) => {
      const text = JSON.stringify({ data: Array.from({ length: size / 20 }, (_, at) => ({ id: `m${at}` })) });
      return () => fromModelList(text, replySource(), []);
    });
  });

  it.each(["exceed the model's ", "specified a", "specified a ", "prompt is ", "too many input "])(
    "an error of %j",
    async (unit) => {
      await expectLinear((size) => {
        const text = unit.repeat(size / unit.length);
        return () => mapError({ status: 400, headers: new Headers(), body: { error: { message: text } }, text });
      });
    },
  );
});
