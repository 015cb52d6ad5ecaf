import { expect, test } from "vitest";
import { parseJSON } from "../read-field.ts";
import { parseResponseJSON } from "./response-error.ts";

const FACTS = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: [] };
const RESPONSE = { status: 200, headers: new Headers({ "x-request-id": "r" }) };

test.each([
  ["", "invalid_response"],
  [" \n", "invalid_response"],
  ["<!doctype html><html></html>", "invalid_response"],
  ["OK", "invalid_response"],
  ['{"choices":[}', "invalid_response"],
  ['{"id": <oops', "invalid_response"],
  ['{"a":1}}', "invalid_response"],
  ['{"choices":[{"message":{"content":"Hel', "truncated"],
  ['{"choices":[{"message":{"content":"Hello"}', "truncated"],
  ['{"choices":[{"message":{"content":"Hello"}}]', "truncated"],
  ['{"choices":', "truncated"],
  ["{", "truncated"],
])("%j is %s", (text, code) => {
  expect(() => parseResponseJSON(text, RESPONSE, FACTS)).toThrow(
    expect.objectContaining({ code, status: 200, requestId: "r", provider: "acme", retryable: true }),
  );
});

test("does not parse JSON with too many values", () => {
  const text = `{"a":[${"{},".repeat(3_000_000)}0]}`;
  expect(() => parseResponseJSON(text, RESPONSE, FACTS)).toThrow(
    expect.objectContaining({
      code: "invalid_response",
      message: "Acme answered with JSON of more values than fit into 128 MB",
    }),
  );
  expect(parseJSON(text)).toBeUndefined();
});

test("reads JSON", () => {
  expect(parseResponseJSON(' {"a":1}\n', RESPONSE, FACTS)).toEqual({ a: 1 });
});
