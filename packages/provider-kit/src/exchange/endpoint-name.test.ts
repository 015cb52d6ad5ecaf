import { expect, it } from "vitest";
import { createEndpointNamer, endpointName } from "./endpoint-name.ts";

const KEY = "correct.horse.battery.staple";

it.each([
  ["https://api.acme.example/v1", "https://api.acme.example/v1"],
  ["https://api.acme.example/", "https://api.acme.example"],
  ["https://api.acme.example/v1/?api-version=1&key=abc", "https://api.acme.example/v1"],
  ["http://user:password@127.0.0.1:8080/v1#x", "http://127.0.0.1:8080/v1"],
  [`https://proxy.example/${KEY}/v1`, "https://proxy.example/[redacted]/v1"],
  ["https://proxy.example/sk-1234567890abcdef/v1", "https://proxy.example/[redacted]/v1"],
  ["", null],
  ["not a URL", null],
  ["data:text/plain,x", null],
])("%s", (baseURL, expected) => {
  expect(endpointName(baseURL, [KEY])).toBe(expected);
  const nameOf = createEndpointNamer();
  expect([nameOf(baseURL, [KEY]), nameOf(baseURL, [KEY])]).toEqual([expected, expected]);
});

it("distinguishes endpoints with hidden keys", () => {
  const nameOf = createEndpointNamer();
  expect(nameOf("https://a.example/tenant-one-secret", [])).toBe("https://a.example/tenant-one-secret");
  expect(nameOf("https://a.example/tenant-one-secret", ["tenant-one-secret"])).toBe("https://a.example/[redacted]");
});
