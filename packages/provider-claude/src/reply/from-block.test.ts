import type { StreamPart } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { replySource } from "../test-support/reply-source.ts";
import { createBlockMapper } from "./from-block.ts";

/** The input of a call whose block starts with `input`, after these deltas. */
function inputOf(input: unknown, deltas: readonly unknown[]): string {
  const mapper = createBlockMapper(replySource());
  const parts: StreamPart[] = [...mapper.start(0, { type: "tool_use", id: "c", name: "f", input })];
  for (const text of deltas) parts.push(...mapper.continue(0, { type: "input_json_delta", partial_json: text }, ""));
  parts.push(...mapper.stop(0));
  return parts.map((part) => (part.type === "tool-call" ? (part.inputText ?? "") : "")).join("");
}

describe("the input of a call", () => {
  const blanks = " \n\t\uFEFF".repeat(100);
  it.each<[string, unknown, readonly unknown[], string]>([
    ["nothing", {}, [], "{}"],
    ["an empty object", {}, ["{}"], "{}"],
    ["null", {}, ["null"], "{}"],
    ["blanks", {}, [blanks], "{}"],
    ["much white space", {}, Array.from({ length: 200 }, () => " "), "{}"],
    ["an empty object with white space", {}, [`${blanks}{${blanks}}${blanks}`], "{}"],
    ["null with white space", {}, [blanks, "null", blanks], "{}"],
    ["white space before the input", {}, [blanks, '{"a":1}'], '{"a":1}'],
    ["an empty object before the input", {}, [`{${blanks}}`, blanks, '{"a":', "1}"], '{"a":1}'],
    ["white space in strings", {}, ['{"a":" ', ' "}'], '{"a":"  "}'],
    ["a truncated object", {}, ["{"], "{"],
    ["other values", {}, ["nullnull"], "nullnull"],
    ["braces in the wrong order", {}, ["}{"], "}{"],
    ["input in the start", { a: 1 }, [], '{"a":1}'],
    ["input in the start, and white space", { a: 1 }, [blanks], '{"a":1}'],
    ["input in the start, and again", { a: 1 }, ['{"a":', " 2}"], '{"a": 2}'],
    ["the input twice", {}, ['{"a":', "1}", '{ "a": 1 }'], '{"a":1}'],
    ["the input twice, in pieces", {}, ['{"a":1}', '{"a"', ":1}"], '{"a":1}'],
    ["two inputs", {}, ['{"a":1}', '{"a":2}'], '{"a":1}{"a":2}'],
    ["an object instead of text", {}, [{ a: 1 }], '{"a":1}'],
    ["an empty object in the start", `{${blanks}}`, [], "{}"],
  ])("%s", (_, start, deltas, expected) => {
    expect(inputOf(start, deltas)).toBe(expected);
  });
});

describe("an unclosed thinking block is closed with its signature", () => {
  const thinking = (signature: string) => ({ type: "thinking", thinking: "", signature });
  const text = { type: "text", text: "" };
  const redacted = { type: "redacted_thinking", data: "r" };
  it.each<[string, readonly [index: number, block: unknown][], readonly unknown[]]>([
    [
      "by thinking",
      [
        [0, thinking("a")],
        [1, text],
        [2, thinking("b")],
      ],
      [{ signature: "a" }],
    ],
    [
      "by redacted thinking",
      [
        [0, thinking("a")],
        [1, redacted],
      ],
      [{ signature: "a" }, { redacted: "r" }],
    ],
    [
      "by a block of its index",
      [
        [0, thinking("a")],
        [0, text],
      ],
      [{ signature: "a" }],
    ],
    [
      "once",
      [
        [0, thinking("a")],
        [0, text],
        [1, thinking("b")],
        [2, redacted],
      ],
      [{ signature: "a" }, { signature: "b" }, { redacted: "r" }],
    ],
  ])("%s", (_, blocks, expected) => {
    const mapper = createBlockMapper(replySource());
    const parts = blocks.flatMap(([index, block]) => mapper.start(index, block));
    expect(parts.map((part) => ("data" in part ? part.data : null))).toEqual(expected);
  });

  it("at the end", () => {
    const mapper = createBlockMapper(replySource());
    mapper.start(0, thinking("a"));
    expect(mapper.stopAll()).toEqual([{ type: "reasoning", text: "", data: { signature: "a" } }]);
    expect(mapper.stopAll()).toEqual([]);
  });
});
