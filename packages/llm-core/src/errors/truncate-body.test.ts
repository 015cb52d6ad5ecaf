import { expect, test } from "vitest";
import { LLMError } from "./llm-error.ts";
import { truncateBody } from "./truncate-body.ts";

const MOST = 64 * 1024;
const long = "x".repeat(MOST);

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a text", long],
  ["a vendor's error", { error: { message: "no", code: null, param: ["a", 1, true] } }],
  ["a list", Array.from({ length: 1_000 }, (_, index) => ({ index }))],
  ["an object of a class", new Map([[1, long + long]])],
])("%s is unchanged", (_, body) => {
  expect(truncateBody(body)).toBe(body);
});

test("a text is truncated", () => {
  expect(truncateBody(`${long}y`)).toBe(long);
});

test.each<[string, unknown]>([
  ["a long text inside", { error: { message: `${long}y` } }],
  ["many short texts", Array(MOST / 4).fill("abcd")],
  ["many values", Array(5_000_000).fill(0)],
  ["many members", Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`name${index}`, 0]))],
  ["long names", { [`${long}y`]: 1 }],
])("a value with %s is dropped", (_, body) => {
  expect(truncateBody(body)).toBeUndefined();
});

test("a circular value is dropped", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(truncateBody(circle)).toBeUndefined();
});

test("an error truncates its body, also in a copy made by with()", () => {
  const error = new LLMError({ code: "server", message: "no", body: long + long });
  expect(error.body).toBe(long);
  expect(error.with({ provider: "a" }).body).toBe(long);
});
