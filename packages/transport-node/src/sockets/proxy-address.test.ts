import { expect, test } from "vitest";
import { proxyAddress } from "./proxy-address.ts";

const read = (value: string): ReturnType<typeof proxyAddress> => proxyAddress({ variable: "HTTPS_PROXY", value });

test.each([
  ["http://proxy.test:3128", { isSecure: false, host: "proxy.test", port: 3128, label: "proxy.test:3128" }],
  ["proxy.test:3128", { isSecure: false, host: "proxy.test", port: 3128 }],
  ["http://proxy.test", { port: 80 }],
  ["https://proxy.test/", { isSecure: true, port: 443 }],
  ["http://[::1]:3128", { host: "::1", label: "[::1]:3128" }],
])("%s", (value, expected) => {
  expect(read(value)).toMatchObject({ ...expected, authorization: null });
});

test.each([
  ["http://me:secret@proxy.test", "me:secret"],
  ["me:p%40ss%3Aw@proxy.test:1", "me:p@ss:w"],
  ["http://me@proxy.test", "me:"],
  ["http://me:100%@proxy.test", "me:100%"],
  ["http://j%C3%BCrg:gr%C3%BCezi@proxy.test", "jürg:grüezi"],
])("the credentials of %s", (value, credentials) => {
  const address = read(value);
  expect(address.authorization).toBe(`Basic ${Buffer.from(credentials).toString("base64")}`);
  expect(address.label).not.toContain("@");
});

test.each(["socks5://me:secret@proxy.test:1080", "ftp://proxy.test", "http://", "://", "http://a b"])(
  "%s is rejected with an error that does not contain it",
  (value) => {
    expect(() => read(value)).toThrow(/^HTTPS_PROXY is not an http:\/\/ or https:\/\/ URL of a proxy$/);
  },
);
