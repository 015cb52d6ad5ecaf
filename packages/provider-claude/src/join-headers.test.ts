import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { thrownBy } from "../test/reply-source.ts";
import { joinHeaders } from "./join-headers.ts";

test("a call's headers win over the factory's, whatever their case", () => {
  expect(joinHeaders({ "Anthropic-Beta": "a", "X-One": "1" }, { "anthropic-beta": "b" }, "claude").headers).toEqual({
    "anthropic-beta": "b",
    "x-one": "1",
  });
});

test("values of headers that hold secrets are known as such", () => {
  const headers = { "X-Api-Key": "k1", "Proxy-Authorization": "k2", "anthropic-beta": "b" };
  expect(joinHeaders(headers, { "x-access-token": "k3" }, "claude").secrets).toEqual(["k1", "k2", "k3"]);
});

test.each([
  ["a line break in a value", { "x-one": "a\r\nx-two: b" }],
  ["a name that is none", { "x one": "a" }],
])("%s is refused before any request, without quoting it", (_name, headers) => {
  const error = thrownBy(() => joinHeaders({}, headers, "claude"));
  expect(isLLMError(error, "invalid_input") && error.path).toBe("providerOptions.claude.headers");
  expect(String(error)).not.toContain("x-two");
});
