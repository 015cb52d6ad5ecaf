import { expect, it } from "vitest";
import { isNotConnected } from "./is-not-connected.ts";

const failed = (code: string | undefined): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) });

it.each([
  ["ECONNREFUSED", true],
  ["ConnectionRefused", true],
  ["ENOTFOUND", true],
  ["EAI_AGAIN", true],
  ["UND_ERR_CONNECT_TIMEOUT", true],
  ["CERT_HAS_EXPIRED", true],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", true],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", true],
  ["PROXY_REFUSED", true],
  ["ECONNRESET", false],
  ["EPIPE", false],
  ["ETIMEDOUT", false],
  ["UND_ERR_SOCKET", false],
  ["UND_ERR_HEADERS_TIMEOUT", false],
  [undefined, false],
])("%s: %s", (code, expected) => {
  expect(isNotConnected(failed(code))).toBe(expected);
});

it("is false for values that are not errors", () => {
  for (const thrown of [null, undefined, "ECONNREFUSED", {}]) expect(isNotConnected(thrown)).toBe(false);
});
