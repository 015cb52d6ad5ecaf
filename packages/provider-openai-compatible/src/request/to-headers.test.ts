import { expect, test } from "vitest";
import { type HeaderSources, toHeaders } from "./to-headers.ts";

const BASE: HeaderSources = {
  provider: "acme",
  callId: "call-1",
  apiKey: "key",
  stream: false,
  hasBody: true,
  vendor: undefined,
  factory: undefined,
  credentials: null,
  options: undefined,
};
const ALWAYS = { "user-agent": "babylon-llm", "x-client-request-id": "call-1" };
const POST = { ...ALWAYS, "content-type": "application/json", accept: "application/json" };

test.each<[string, Partial<HeaderSources>, Record<string, string>]>([
  ["a call", {}, { ...POST, authorization: "Bearer key" }],
  ["a stream", { stream: true }, { ...POST, accept: "text/event-stream", authorization: "Bearer key" }],
  ["a list", { hasBody: false }, { ...ALWAYS, accept: "application/json", authorization: "Bearer key" }],
  ["no key", { apiKey: null }, POST],
  [
    "every layer",
    {
      vendor: { "openai-project": "t/p", "x-a": "1" },
      factory: { "X-A": "2", "X-B": "2" },
      options: { headers: { "x-b": "3" } },
    },
    { ...POST, "openai-project": "t/p", "x-a": "2", "x-b": "3", authorization: "Bearer key" },
  ],
  ["authorization of the factory", { factory: { Authorization: "Basic x" } }, { ...POST, authorization: "Basic x" }],
  [
    "authorization of the call",
    { factory: { authorization: "Basic x" }, options: { headers: { Authorization: "Basic y" } } },
    { ...POST, authorization: "Basic y" },
  ],
  [
    "a tenant's key: the operator's project and authorization are not sent",
    {
      credentials: { apiKey: "tenant" },
      apiKey: "tenant",
      vendor: { "openai-project": "t/p" },
      factory: { Authorization: "Basic x", "x-a": "1" },
    },
    { ...POST, "x-a": "1", authorization: "Bearer tenant" },
  ],
  [
    "a tenant's base URL: none of the operator's headers is sent",
    {
      credentials: { apiKey: "tenant", baseURL: "https://tenant.test" },
      apiKey: "tenant",
      factory: { "api-key": "operator" },
    },
    { ...POST, authorization: "Bearer tenant" },
  ],
])("%s", (_, sources, expected) => {
  expect(toHeaders({ ...BASE, ...sources })).toEqual(expected);
});

test("headers that HTTP does not allow are invalid_input", () => {
  const options = { headers: { "x-a": "1\r\nx-b: 2" } };
  expect(() => toHeaders({ ...BASE, options })).toThrow(
    expect.objectContaining({ code: "invalid_input", path: "providerOptions.acme.headers" }),
  );
});
