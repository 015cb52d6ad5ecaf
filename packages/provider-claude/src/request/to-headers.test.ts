import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { errorOf } from "../test-support/reply-source.ts";
import { type HeaderSources, toHeaders } from "./to-headers.ts";

const SOURCES: HeaderSources = {
  provider: "claude",
  callId: "call-1",
  apiKey: "k",
  stream: false,
  hasBody: true,
  factory: undefined,
  credentials: null,
  options: undefined,
};

const BASE = {
  accept: "application/json",
  authorization: "Bearer k",
  "anthropic-version": "2026-10-21",
  "content-type": "application/json",
  "user-agent": "babylon-llm",
  "x-client-request-id": "call-1",
};

const { authorization: _key, ...WITHOUT_KEY } = BASE;
const FACTORY = { "Anthropic-Beta": "a", "X-Api-Key": "operator" };

test.each([
  { name: "the headers of every request", sources: {}, expected: BASE },
  { name: "a stream", sources: { stream: true }, expected: { ...BASE, accept: "text/event-stream" } },
  {
    name: "headers of the call override those of the factory, ignoring case",
    sources: { factory: { "Anthropic-Beta": "a", "X-One": "1" }, options: { headers: { "anthropic-beta": "b" } } },
    expected: { ...BASE, "anthropic-beta": "b", "x-one": "1" },
  },
  {
    name: "another API version",
    sources: { options: { headers: { "Anthropic-Version": "2023-06-01" } } },
    expected: { ...BASE, "anthropic-version": "2023-06-01" },
  },
  {
    name: "a custom key header replaces the key",
    sources: { factory: { "X-Api-Key": "own" } },
    expected: { ...WITHOUT_KEY, "x-api-key": "own" },
  },
  {
    name: "with a tenant's key the operator's key headers are not sent",
    sources: { factory: FACTORY, credentials: { apiKey: "k" } },
    expected: { ...BASE, "anthropic-beta": "a" },
  },
  {
    name: "with a tenant's base URL none of the operator's headers is sent",
    sources: { factory: FACTORY, credentials: { apiKey: "k", baseURL: "https://tenant.example" } },
    expected: BASE,
  },
])("$name", ({ sources, expected }) => {
  expect(toHeaders({ ...SOURCES, ...sources })).toEqual(expected);
});

test("sends no content type without a body", () => {
  expect(toHeaders({ ...SOURCES, hasBody: false })).not.toHaveProperty("content-type");
});

test.each([
  ["a line break in a value", { "x-one": "a\r\nx-two: b" }],
  ["an invalid name", { "x one": "a" }],
])("%s is rejected before any request, without being quoted", (_name, headers) => {
  const error = errorOf(() => toHeaders({ ...SOURCES, options: { headers } }));
  expect(isLLMError(error, "invalid_input") && error.path).toBe("providerOptions.claude.headers");
  expect(String(error)).not.toContain("x-two");
});
