import { expectLinear } from "@babylon/llm-testing/vitest";
import { describe, it } from "vitest";
import { replySource } from "../test-support/reply-source.ts";
import { type BlockMapper, createBlockMapper } from "./from-block.ts";

const call = { type: "tool_use", id: "c", name: "f" };

function addInput(mapper: BlockMapper, text: string): void {
  mapper.continue(0, { type: "input_json_delta", partial_json: text }, "");
}

describe("blocks take time linear in their size", { timeout: 60_000 }, () => {
  it.each<[string, (size: number) => string]>([
    ["blanks", (size) => `${" ".repeat(size)}x`],
    ["an object of white space", (size) => `{${" ".repeat(size)}x`],
    ["an empty object and white space", (size) => `{}${" ".repeat(size)}x`],
  ])("input of %s", async (_, textOf) => {
    await expectLinear((size) => {
      const text = textOf(size);
      return () => {
        const mapper = createBlockMapper(replySource());
        mapper.start(0, call);
        addInput(mapper, text);
        return mapper.stop(0);
      };
    });
  });

  it.each(["", "{}", `{${" ".repeat(1_000)}}`, "null"])("deltas of white space after %j", async (before) => {
    await expectLinear((size) => () => {
      const mapper = createBlockMapper(replySource());
      mapper.start(0, call);
      addInput(mapper, before);
      for (let at = 0; at < size / 10; at += 1) addInput(mapper, " ");
      return mapper.stop(0);
    });
  });

  it("thinking with many open blocks", async () => {
    await expectLinear((size) => () => {
      const blocks = size / 100;
      const mapper = createBlockMapper(replySource());
      for (let at = 0; at < blocks; at += 1) mapper.start(at, { type: "text", text: "" });
      for (let at = 0; at < blocks; at += 1) mapper.start(blocks + at, { type: "thinking", thinking: "x" });
      return mapper.stopAll();
    });
  });
});
