import type { ApiRequest, Transport, TransportRequest } from "@babylon/provider-kit";
import { fetchTransport } from "@babylon/provider-kit";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.doUnmock("openai/version");
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.resetModules();
});

const REQUEST: ApiRequest = {
  method: "POST",
  baseURL: "https://one.test/v1?api-version=1",
  path: "/chat/completions",
  headers: { authorization: "Bearer the-key", "content-type": "application/json", "x-own": "1" },
  body: { model: "m", messages: [{ role: "user", content: "Grüße 👋" }], stream: true },
  signal: new AbortController().signal,
  env: { HTTPS_PROXY: "http://proxy.test" },
};

/** A transport that records its requests and responds with a rejection. */
function refusing(): { sent: TransportRequest[]; transport: Transport } {
  const sent: TransportRequest[] = [];
  const reply = fetchTransport(async () => new Response("no", { status: 429, headers: { "retry-after": "7" } }));
  return { sent, transport: (request) => reply(sent[sent.push(request) - 1] ?? request) };
}

/** Sends a request as with this version of the SDK, and returns the called methods of the SDK. */
async function send(version: string, request = REQUEST) {
  vi.doMock("openai/version", () => ({ VERSION: version }));
  const { OpenAI } = await import("openai");
  const { Completions } = await import("openai/resources/chat/completions/completions");
  const post = vi.spyOn(OpenAI.prototype, "post");
  const get = vi.spyOn(OpenAI.prototype, "get");
  const create = vi.spyOn(Completions.prototype, "create");
  const { loadSDKSender } = await import("./load-sdk-sender.ts");
  const { sent, transport } = refusing();
  const reply = await (await loadSDKSender(transport))(request);
  const called = { post: post.mock.calls.length, get: get.mock.calls.length, create: create.mock.calls.length };
  return { called, sent, reply };
}

test("the installed SDK has the tested version", async () => {
  const { VERSION } = await import("openai/version");
  const { TESTED_VERSION } = await import("./load-sdk-sender.ts");
  expect(VERSION, "test the lean way with the new version, then name it in TESTED_VERSION").toBe(TESTED_VERSION);
});

test.each([
  ["the tested version", "7.57.0", { post: 0, get: 0, create: 1 }],
  ["a later version", "7.57.1", { post: 1, get: 0, create: 0 }],
  ["an earlier version", "7.56.0", { post: 1, get: 0, create: 0 }],
])("with %s the request is sent unchanged, and the reply is not read by the SDK", async (_, version, expected) => {
  const { called, sent, reply } = await send(version);
  expect(called).toEqual(expected);
  expect(sent).toEqual([
    {
      method: "POST",
      url: "https://one.test/v1/chat/completions?api-version=1",
      headers: REQUEST.headers,
      body: JSON.stringify(REQUEST.body),
      signal: REQUEST.signal,
      env: REQUEST.env,
    },
  ]);
  expect([reply.status, reply.headers.get("retry-after"), await reply.text()]).toEqual([429, "7", "no"]);
});

test("requests a list with get", async () => {
  const { called, sent } = await send("7.58.0", { ...REQUEST, method: "GET", path: "/models", body: null });
  expect(called).toEqual({ post: 0, get: 1, create: 0 });
  expect(sent).toMatchObject([{ method: "GET", url: "https://one.test/v1/models?api-version=1", body: null }]);
});

test("the environment variables of the SDK affect neither the request nor the console", async () => {
  for (const name of ["API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL", "WEBHOOK_SECRET", "CUSTOM_HEADERS"]) {
    vi.stubEnv(`OPENAI_${name}`, name === "CUSTOM_HEADERS" ? "x-leak: leak\nauthorization: leak" : "https://leak.test");
  }
  vi.stubEnv("OPENAI_LOG", "debug");
  const said = (["debug", "info", "log", "warn", "error"] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  const { sent } = await send("7.58.0");
  expect(JSON.stringify(sent)).not.toContain("leak");
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
});

test("errors of the transport are passed through unchanged", async () => {
  vi.doMock("openai/version", () => ({ VERSION: "7.58.0" }));
  const { loadSDKSender } = await import("./load-sdk-sender.ts");
  const broken = Object.assign(new Error("timed out"), { code: "ETIMEDOUT" });
  const sender = await loadSDKSender(() => Promise.reject(broken));
  await expect(sender(REQUEST)).rejects.toBe(broken);
});
