import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../contract/json.ts";
import { createElementReader } from "../array/element-reader.ts";
import { effortFor } from "../effort.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import { findSpans } from "./find-spans.ts";

const schema: JsonObject = { type: "object", properties: { id: { type: "string" }, of: { type: "array" } } };
const element = expectedShape(schema);
const items = [{ id: "a" }, { id: "b", of: [{ id: "inner" }] }, { id: "<think>c</think> ]}" }];

function read(pieces: readonly string[], wrap: string | null = null): unknown[] {
  const found: unknown[] = [];
  const reader = createElementReader({ element, wrap }, (raw) => found.push(raw));
  for (const piece of pieces) reader.write(piece);
  return found;
}

const text = JSON.stringify(items);
const answers: readonly [name: string, answer: string, wrap: string | null][] = [
  ["a root array", text, null],
  ["in the asked member", `{"items":${text}}`, "items"],
  ["in a member of the model's own", `{"decisions": ${text}}`, "items"],
  ["in a fence, with prose", `Here {you} go [1]:\n\`\`\`json\n${text}\n\`\`\`\nDone.`, null],
  ["after reasoning with a draft", `<think>maybe [{"id":"draft"}] or <think>{"id":"d"}</think></think>${text}`, null],
  ["after reasoning whose tag was mentioned", `<thinking>{"id":"draft"}</thinking>\n${text}`, null],
  ["one object a line", items.map((item) => JSON.stringify(item)).join("\n"), null],
];

describe.each(answers)("createElementReader reads %s", (_, answer, wrap) => {
  it("in one piece, and cut in two anywhere", () => {
    expect(read([answer], wrap)).toEqual(items);
    for (let cut = 1; cut < answer.length; cut += 1) {
      expect(read([answer.slice(0, cut), answer.slice(cut)], wrap)).toEqual(items);
    }
  });

  it("character by character, each as soon as it is complete", () => {
    const found: [number, unknown][] = [];
    let at = 0;
    const reader = createElementReader({ element, wrap }, (raw) => found.push([at, raw]));
    for (; at < answer.length; at += 1) reader.write(answer.charAt(at));
    expect(found.map(([, raw]) => raw)).toEqual(items);
    for (const [place, raw] of found) {
      expect(answer.slice(0, place + 1).endsWith(JSON.stringify(raw))).toBe(true);
    }
  });
});

it.each(answers)("knows the values of %s as the reading of the whole finds them", async (_, answer, wrap) => {
  const reader = createElementReader({ element, wrap }, () => {});
  for (let at = 0; at < answer.length; at += 5) reader.write(answer.slice(at, at + 5));
  const known = reader.known(answer);
  expect(known.length).toBeGreaterThan(0);
  const { spans } = await findSpans(answer, effortFor(answer));
  for (const span of known) expect(spans).toContainEqual(span);
  expect(reader.known(`${answer} `)).toEqual([]);
});

it("leaves malformed JSON to the reading of the complete answer", () => {
  expect(read(['[{"id":"a"},{id:"b"},{"id":"c"}]'])).toEqual([{ id: "a" }]);
});

it("emits nothing from reasoning that does not end", () => {
  expect(read(['<think>[{"id":"a"},{"id":"b"}]'])).toEqual([]);
});
