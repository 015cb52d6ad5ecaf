import { describe, expect, it } from "vitest";
import * as z from "zod";
import { testBed } from "../test-support/test-bed.ts";
import { createJSONWeight, isHeavyJSON } from "./json-weight.ts";

// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/array/generate-array.ts";

const MB = 1024 * 1024;
const listOf = (value: string, length: number): string =>
  `[${`${value},`.repeat(Math.floor(length / (value.length + 1)))}0]`;

describe("isHeavyJSON", () => {
  it.each<[string, string]>([
    ["empty objects", listOf("{}", 8 * MB)],
    ["empty lists", listOf("[]", 8 * MB)],
    ["lists in lists", "[".repeat(2 * MB)],
    ["numbers", listOf("1", 12 * MB)],
    ["short texts", listOf('"abc1"', 48 * MB)],
  ])("%s", (_, text) => {
    expect(isHeavyJSON(text)).toBe(true);
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["1 MB of empty objects", listOf("{}", MB)],
    ["one long text", JSON.stringify("x".repeat(60 * MB))],
    ["prose", JSON.stringify("First, there was a lighthouse, then none. ".repeat(MB))],
    ["a long list of objects with texts", listOf(`{"id":1,"text":"${"x".repeat(300)}"}`, 40 * MB)],
  ])("not %s", (_, text) => {
    expect(isHeavyJSON(text)).toBe(false);
  });
});

describe("the weight of an answer", () => {
  const flood = (piece: string, type: "text" | "tool-call" | "reasoning", length: number) => () => {
    const weight = createJSONWeight();
    const part =
      type === "tool-call" ? ({ type, index: 0, inputText: piece } as const) : ({ type, text: piece } as const);
    for (let added = 0; added < length; added += piece.length) weight.add(part);
  };

  it.each([["text"], ["tool-call"]] as const)("rejects too many values by %s", (type) => {
    expect(flood("{},".repeat(1_000), type, 8 * MB)).toThrow("more values than fit into 128 MB");
  });

  it("accepts long texts and any reasoning", () => {
    expect(flood(`{"text":"${"x".repeat(1_000)}"},`, "text", 48 * MB)).not.toThrow();
    expect(flood("{},".repeat(1_000), "reasoning", 8 * MB)).not.toThrow();
  });
});

describe("an answer with too many values", () => {
  const text = `[${"{},".repeat(1_000_000)}{}]`;

  it.each(["stream", "json"] as const)("is not parsed by %s, and the next link serves", async (transport) => {
    const bed = testBed({ a: { text }, b: { text: '[{"a":1}]' } });
    const { items, attempts } = await bed.value(
      bed.llm.generateArray({ prompt: "?", element: z.object({ a: z.number() }), transport }),
    );
    expect(items).toEqual([{ a: 1 }]);
    expect(attempts.map(({ error }) => error?.code ?? null)).toEqual(["invalid_response", null]);
    expect(bed.called).toEqual(["a", "b"]);
  });

  it("is accepted as text where it is not parsed", async () => {
    const bed = testBed({ a: { text } });
    expect((await bed.value(bed.llm.generateText({ prompt: "?" }))).text).toBe(text);
  });
});
