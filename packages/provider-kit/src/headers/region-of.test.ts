import { expect, it } from "vitest";
import { regionOf } from "./region-of.ts";

it.each([
  ["Groq's", { "x-groq-region": "us-west-1" }, "us-west-1"],
  ["Azure's", { "x-ms-region": "East US 2" }, "East US 2"],
  ["none", {}, null],
  ["an empty one", { "x-groq-region": "" }, null],
  ["a sentence", { "x-groq-region": "you are <b>here</b>" }, null],
  ["one that echoes the key", { "x-groq-region": "correct-horse" }, null],
  ["one that is a key", { "x-groq-region": "gsk_1234567890" }, null],
])("%s", (_, headers, expected) => {
  expect(regionOf(new Headers(headers), ["correct-horse-battery"])).toBe(expected);
});
