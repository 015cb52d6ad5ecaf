import { type ApiRequest, fetchTransport, type TransportRequest } from "@babylon/provider-kit";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("@anthropic-ai/sdk/version");
  vi.restoreAllMocks();
  vi.resetModules();
});

const REQUEST: ApiRequest = {
  method: "POST",
  baseURL: "https://one.test",
  path: "/v1/messages",
  headers: { authorization: "Bearer the-key", "anthropic-version": "2026-10-21", "x-own": "1" },
  body: { model: "claude-sonnet-4-5", max_tokens: 64_000, messages: [{ role: "user", content: "Grüße 👋" }] },
  signal: new AbortController().signal,
  env: { HTTPS_PROXY: "http://proxy.test" },
};

/** Sends a request as with this version of the SDK. */
async function send(version: string, request = REQUEST) {
  vi.doMock("@anthropic-ai/sdk/version", () => ({ VERSION: version }));
  const lean = vi.fn();
  const documented = vi.fn();
  vi.doMock("./lean-sender.ts", async (load) => observed(await load(), lean));
  vi.doMock("./documented-sender.ts", async (load) => observed(await load(), documented));
  const { loadSDKSender } = await import("./load-sdk-sender.ts");
  const sent: TransportRequest[] = [];
  const reply = fetchTransport(async () => new Response("no", { status: 529 }));
  const sender = await loadSDKSender((one) => reply(sent[sent.push(one) - 1] ?? one));
  const { status } = await sender(request);
  return { lean: lean.mock.calls.length, documented: documented.mock.calls.length, sent, status };
}

function observed(actual: object, seen: () => void): object {
  const { createSDKSender } = actual as { createSDKSender: (...args: unknown[]) => unknown };
  return {
    createSDKSender: (...args: unknown[]) => {
      seen();
      return createSDKSender(...args);
    },
  };
}

test("the installed SDK has the tested version", async () => {
  const { VERSION } = await import("@anthropic-ai/sdk/version");
  const { TESTED_VERSION } = await import("./load-sdk-sender.ts");
  expect(VERSION, "test the lean way with the new version, then name it in TESTED_VERSION").toBe(TESTED_VERSION);
});

test.each([
  ["the tested version", "1.12.0", { lean: 1, documented: 0 }],
  ["a later version", "1.12.1", { lean: 0, documented: 1 }],
])("with %s the request is sent unchanged, and its rejection is a reply", async (_, version, expected) => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  expect(await send(version)).toEqual({
    ...expected,
    status: 529,
    sent: [
      {
        method: "POST",
        url: "https://one.test/v1/messages",
        headers: REQUEST.headers,
        body: JSON.stringify(REQUEST.body),
        signal: REQUEST.signal,
        env: REQUEST.env,
      },
    ],
  });
  expect(warned).not.toHaveBeenCalled();
});
