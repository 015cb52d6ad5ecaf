import { expect, it } from "vitest";
import { createTextBuffer } from "./text-buffer.ts";

it.each([1, 7, 1_000, 5_000])("gives out any part of what came in pieces of %i characters", (length) => {
  const text = Array.from({ length: 5_000 }, (_, at) => String.fromCharCode(97 + (at % 26))).join("");
  const buffer = createTextBuffer();
  for (let at = 0; at < text.length; at += length) buffer.append(text.slice(at, at + length));
  for (const [from, to] of [
    [0, 0],
    [0, 5_000],
    [0, 10],
    [1_020, 1_030],
    [1_024, 2_048],
    [4_990, 5_000],
    [17, 4_999],
  ] as const) {
    expect(buffer.slice(from, to)).toBe(text.slice(from, to));
  }
  expect(buffer.slice(3)).toBe(text.slice(3));
  buffer.clear();
  expect(buffer.slice(0)).toBe("");
});
