import { expect, test } from "vitest";
import { chooseProxy } from "./choose-proxy.ts";

const HTTPS = "https://api.acme.test";
const HTTP = "http://api.acme.test";

test.each<[Record<string, string>, string, string | null]>([
  [{}, HTTPS, null],
  [{ NO_PROXY: "*" }, HTTPS, null],
  [{ HTTPS_PROXY: "a" }, HTTPS, "HTTPS_PROXY"],
  [{ HTTPS_PROXY: "a" }, HTTP, null],
  [{ HTTP_PROXY: "a" }, HTTP, "HTTP_PROXY"],
  [{ HTTP_PROXY: "a" }, HTTPS, "HTTP_PROXY"],
  [{ HTTP_PROXY: "a", HTTPS_PROXY: "b" }, HTTPS, "HTTPS_PROXY"],
  [{ HTTPS_PROXY: "a", https_proxy: "b" }, HTTPS, "https_proxy"],
  [{ HTTP_PROXY: "a", http_proxy: "b" }, HTTP, "http_proxy"],
  [{ HTTPS_PROXY: "a", https_proxy: " " }, HTTPS, "HTTPS_PROXY"],
  [{ HTTPS_PROXY: "" }, HTTPS, null],
  [{ ALL_PROXY: "a" }, HTTPS, null],
  [{ HTTPS_PROXY: "a", NO_PROXY: "acme.test", no_proxy: "other.test" }, HTTPS, "HTTPS_PROXY"],
])("%j for %s: %s", (env, origin, variable) => {
  expect(chooseProxy(env, origin)?.variable ?? null).toBe(variable);
});

test("trims the value", () => {
  expect(chooseProxy({ HTTPS_PROXY: " http://p:1 " }, HTTPS)).toEqual({ variable: "HTTPS_PROXY", value: "http://p:1" });
});

test.each<[list: string, host: string, needsNone: boolean]>([
  ["*", "api.acme.test", true],
  ["", "api.acme.test", false],
  [", ,", "api.acme.test", false],
  [".", "api.acme.test", false],
  ["acme.test", "api.acme.test", true],
  ["acme.test", "acme.test", true],
  [".acme.test", "api.acme.test", true],
  [".acme.test", "acme.test", true],
  ["*.acme.test", "api.acme.test", true],
  ["API.Acme.Test.", "api.acme.test", true],
  ["acme.test", "notacme.test", false],
  ["acme.test", "acme.test.evil", false],
  ["*cme.test", "acme.test", false],
  ["one.test,acme.test two.test", "api.acme.test", true],
  ["one.test,\ttwo.test", "api.acme.test", false],
  ["acme.test:443", "api.acme.test", true],
  ["acme.test:8443", "api.acme.test", false],
  ["acme.test:8443", "api.acme.test:8443", true],
  ["acme.test", "api.acme.test:8443", true],
  ["localhost", "127.0.0.1", false],
  ["127.0.0.1", "127.0.0.1", true],
  ["0.0.1", "127.0.0.1", false],
  ["10.0.0.0/8", "10.200.3.4", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.1.2.3/32", "10.1.2.3", true],
  ["0.0.0.0/0", "10.1.2.3", true],
  ["10.0.0.0/33", "10.0.0.0", false],
  ["10.0.0.0/8:8000", "10.0.0.1:8000", true],
  ["10.0.0.0/8", "api.acme.test", false],
  ["::1", "[::1]", true],
  ["[::1]", "[::1]:8000", true],
  ["[::1]:8000", "[::1]:8000", true],
  ["[::1]:9000", "[::1]:8000", false],
])("NO_PROXY=%j and %s: %s", (list, host, needsNone) => {
  const env = { HTTPS_PROXY: "a", NO_PROXY: list };
  expect(chooseProxy(env, `https://${host}`) === null).toBe(needsNone);
});
