import { expect, it } from "vitest";
import { createServerAttributes } from "./server-attributes.ts";

it.each([
  ["https://api.groq.com/openai/v1", { "server.address": "api.groq.com", "server.port": 443 }],
  ["http://127.0.0.1:8080/v1", { "server.address": "127.0.0.1", "server.port": 8080 }],
  ["http://[::1]/v1", { "server.address": "[::1]", "server.port": 80 }],
  ["not a URL", {}],
  [null, {}],
])("%s", (endpoint, expected) => {
  const read = createServerAttributes();
  expect(read(endpoint)).toEqual(expected);
  expect(read(endpoint)).toEqual(expected);
});

it("any number of endpoints", () => {
  const read = createServerAttributes();
  for (let at = 0; at < 1_000; at += 1) {
    expect(read(`https://tenant-${at}.example`)).toMatchObject({ "server.address": `tenant-${at}.example` });
  }
});
