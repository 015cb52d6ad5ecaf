import { expect, test } from "vitest";
import { createThinkSplitter } from "./split-think.ts";

function split(pieces: readonly string[]): { reasoning: string; text: string } {
  const splitter = createThinkSplitter();
  const parts = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  const of = (type: string) => parts.flatMap((piece) => (piece.type === type ? [piece.text] : [])).join("");
  return { reasoning: of("reasoning"), text: of("text") };
}

test.each([
  ["<think>why</think>so", "why", "so"],
  ["\n<think>\n why \n</think>\n\nso, <think> is a word\n", "why", "so, <think> is a word\n"],
  ["no tag at all", "", "no tag at all"],
  ["<thin air", "", "<thin air"],
  ["  <b>bold</b>", "", "  <b>bold</b>"],
  [" \n", "", " \n"],
  ["<think></think>so", "", "so"],
  ["<think>a < b </ c</think>d", "a < b </ c", "d"],
  ["<think>never closed", "never closed", ""],
  ["<think>why</think>", "why", ""],
  ["<thi", "", "<thi"],
  ["", "", ""],
])("%j", (whole, reasoning, text) => {
  expect(split([whole])).toEqual({ reasoning, text });
  expect(split([...whole])).toEqual({ reasoning, text });
  for (let cut = 1; cut < whole.length; cut++) {
    expect(split([whole.slice(0, cut), whole.slice(cut)]), `cut at ${cut}`).toEqual({ reasoning, text });
  }
});

test("text flows as it comes once the reasoning is over", () => {
  const splitter = createThinkSplitter();
  splitter.push("<think>x</think>");
  expect(splitter.push(" a")).toEqual([{ type: "text", text: "a" }]);
  expect(splitter.push(" b")).toEqual([{ type: "text", text: " b" }]);
});
