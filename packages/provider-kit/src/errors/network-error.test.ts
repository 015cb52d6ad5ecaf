import { LLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { networkError } from "./network-error.ts";

const FACTS = { provider: "acme", name: "Acme", model: "m", callId: "c", secrets: ["plainlookingkey"] };
const LIVE = new AbortController().signal;

const withCode = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });
const fetchFailed = (cause: Error): TypeError => new TypeError("fetch failed", { cause });

test.each([
  [fetchFailed(withCode("ECONNREFUSED")), "Acme refused the connection (ECONNREFUSED)"],
  [fetchFailed(withCode("ECONNRESET")), "Acme closed the connection (ECONNRESET)"],
  [fetchFailed(withCode("ENOTFOUND")), "Acme could not be reached: its host name was not found (ENOTFOUND)"],
  [
    fetchFailed(withCode("DEPTH_ZERO_SELF_SIGNED_CERT")),
    "Acme could not be reached over TLS (DEPTH_ZERO_SELF_SIGNED_CERT)",
  ],
  [fetchFailed(withCode("CERT_HAS_EXPIRED")), "Acme could not be reached over TLS (CERT_HAS_EXPIRED)"],
  [
    fetchFailed(withCode("UND_ERR_CONNECT_TIMEOUT")),
    "Acme took too long to accept the connection (UND_ERR_CONNECT_TIMEOUT)",
  ],
  [
    new TypeError("terminated", { cause: withCode("UND_ERR_SOCKET", "other side closed") }),
    "Acme closed the connection (UND_ERR_SOCKET)",
  ],
  [
    new TypeError("terminated", { cause: withCode("UND_ERR_BODY_TIMEOUT") }),
    "Acme sent no data before the platform's timeout (UND_ERR_BODY_TIMEOUT)",
  ],
  [
    new Error("Connection error.", { cause: fetchFailed(withCode("ECONNREFUSED")) }),
    "Acme refused the connection (ECONNREFUSED)",
  ],
  [withCode("PROXY_REFUSED", "the proxy said no"), "Acme could not be reached: the proxy said no (PROXY_REFUSED)"],
  [fetchFailed(new AggregateError([withCode("ECONNREFUSED")])), "Acme refused the connection (ECONNREFUSED)"],
  [new TypeError("fetch failed"), "Acme could not be reached"],
  ["nonsense", "Acme could not be reached"],
])("%s", (thrown, message) => {
  expect(networkError(thrown, LIVE, FACTS)).toMatchObject({
    code: "network",
    message,
    provider: "acme",
    status: null,
    retryable: true,
    fallback: true,
  });
});

test("an aborted signal has precedence, with its reason unchanged", () => {
  const reason = new Error("caller left");
  expect(networkError(withCode("ECONNRESET"), AbortSignal.abort(reason), FACTS)).toBe(reason);
});

test("an LLMError is kept, also as the cause of an SDK's error", () => {
  const ours = new LLMError({ code: "invalid_response", message: "x" });
  expect(networkError(ours, LIVE, FACTS)).toBe(ours);
  expect(networkError(new Error("Connection error.", { cause: ours }), LIVE, FACTS)).toBe(ours);
});

test("the cause contains no key", () => {
  const error = networkError(new Error("bad header plainlookingkey"), LIVE, FACTS);
  expect(JSON.stringify(error)).not.toContain("plainlookingkey");
});
