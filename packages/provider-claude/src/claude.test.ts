import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { claude } from "./claude.ts";
import { attemptContext, collect, KEY, REQUEST, rejection, textOf } from "./test-support/attempt-context.ts";
import { readFixture } from "./test-support/read-fixture.ts";
import { errorOf } from "./test-support/reply-source.ts";
import { beginStream, sendJSON, serve } from "./test-support/serve.ts";

const RATE_LIMITS = {
  "anthropic-ratelimit-requests-limit": "50",
  "anthropic-ratelimit-requests-remaining": "49",
  "anthropic-ratelimit-requests-reset": "2001-01-01T00:00:00Z",
  "anthropic-ratelimit-input-tokens-remaining": "1000",
};

test("generate sends one request and reads the reply", async () => {
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json"), RATE_LIMITS));
  const provider = claude({ apiKey: KEY, baseURL: server.url, headers: { "anthropic-beta": "a-2026" } });
  const context = attemptContext();
  const answer = await provider.generate(
    { ...REQUEST, providerOptions: { headers: { "X-One": "1" }, body: { service_tier: "auto" } } },
    context,
  );
  expect(answer).toMatchObject({ text: "The market leans towards yes.", finishReason: "stop" });
  expect(server.received).toHaveLength(1);
  const [request] = server.received;
  expect(request).toMatchObject({
    method: "POST",
    url: "/v1/messages",
    headers: {
      authorization: `Bearer ${KEY}`,
      "anthropic-version": "2026-10-21",
      "anthropic-beta": "a-2026",
      "content-type": "application/json",
      "x-client-request-id": "call-1",
      "x-one": "1",
    },
    body: {
      model: "claude-sonnet-5-5",
      stream: false,
      max_tokens: 32_000,
      service_tier: "auto",
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    },
  });
  expect(context.heads).toEqual([
    {
      status: 200,
      requestId: "req_j",
      rateLimits: [
        { kind: "requests", limit: 50, remaining: 49, resetMs: 0 },
        { kind: "input-tokens", limit: null, remaining: 1000, resetMs: null },
      ],
    },
  ]);
});

test("stream yields the parts and ends with finish", async () => {
  const server = await serve((response) => {
    beginStream(response, RATE_LIMITS);
    response.end(readFixture("streams/text.txt"));
  });
  const context = attemptContext();
  const { parts, thrown } = await collect(claude({ apiKey: KEY, baseURL: server.url }).stream(REQUEST, context));
  expect(thrown).toBeNull();
  expect(textOf(parts)).toBe("Grüezi, Welt 🌍");
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: "stop" });
  expect(server.received[0]).toMatchObject({ body: { stream: true } });
  expect(context.heads).toMatchObject([{ status: 200, requestId: "req_s" }]);
});

test("a model with answers of more than ten minutes is not rejected by the SDK", async () => {
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  const provider = claude({ apiKey: KEY, baseURL: server.url });
  const answer = await provider.generate({ ...REQUEST, maxOutputTokens: 128_000 }, attemptContext());
  expect(answer.text).not.toBe("");
});

test("listModels reads all pages", async () => {
  const server = await serve((response, { url }) =>
    sendJSON(response, 200, readFixture(url.includes("after_id") ? "models/page-2.json" : "models/page-1.json")),
  );
  const context = attemptContext();
  const models = await claude({ apiKey: KEY, baseURL: server.url }).listModels?.(context);
  expect(models?.map(({ id }) => id)).toEqual(["claude-sonnet-5-5", "claude-sonnet-4-5-20250929", "claude-new-6"]);
  expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /v1/models?limit=1000",
    "GET /v1/models?limit=1000&after_id=claude-sonnet-4-5-20250929",
  ]);
  expect(context.heads).toHaveLength(2);
});

test("an endless list of models is read up to a limit", async () => {
  const server = await serve((response) => sendJSON(response, 200, readFixture("models/page-1.json")));
  await claude({ apiKey: KEY, baseURL: server.url }).listModels?.(attemptContext());
  expect(server.received).toHaveLength(20);
});

test.each([
  ["429-rate-limit", "rate_limit", { "retry-after": "2" }, 2_000],
  ["529-overloaded", "overloaded", {}, null],
  ["401-authentication", "auth", {}, null],
  ["413-cloudflare", "context_length", {}, null],
])("%s: one request, no retry by the SDK, the head is not reported", async (name, code, headers, retryAfterMs) => {
  const text = readFixture(`errors/${name}.${name.includes("cloudflare") ? "txt" : "json"}`);
  const server = await serve((response) => sendJSON(response, Number(name.slice(0, 3)), text, headers));
  const provider = claude({ apiKey: KEY, baseURL: server.url });
  for (const run of [
    (context: ReturnType<typeof attemptContext>) => provider.generate(REQUEST, context),
    async (context: ReturnType<typeof attemptContext>) => {
      const { thrown } = await collect(provider.stream(REQUEST, context));
      throw thrown;
    },
  ]) {
    const context = attemptContext();
    const error = await rejection(run(context));
    expect(isLLMError(error) && error.code).toBe(code);
    expect(error).toMatchObject({ requestId: "req_j", retryAfterMs, status: Number(name.slice(0, 3)) });
    expect(context.heads).toEqual([]);
  }
  expect(server.received).toHaveLength(2);
});

test("a redirect is not followed", async () => {
  const other = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  const server = await serve((response) => response.writeHead(307, { location: `${other.url}/v1/messages` }).end());
  const error = await rejection(claude({ apiKey: KEY, baseURL: server.url }).generate(REQUEST, attemptContext()));
  expect(isLLMError(error) && error.code).toBe("invalid_response");
  expect(other.received).toEqual([]);
});

test("no error contains the key, a secret header or the prompt, even if the vendor repeats them", async () => {
  const secret = "swordfish-of-the-proxy";
  const prompt = "The quick brown fox jumps over the lazy dog, twice.";
  const server = await serve((response) => {
    const message = `bad key ${KEY} and ${secret} in "${prompt}"`;
    sendJSON(response, 400, JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } }));
  });
  const provider = claude({ apiKey: KEY, baseURL: server.url, headers: { "x-proxy-key": secret } });
  const error = await rejection(
    provider.generate({ ...REQUEST, messages: [{ role: "user", content: prompt }] }, attemptContext()),
  );
  if (!isLLMError(error)) throw error;
  expect(error.message).toMatch(/^Claude answered 400: bad key \[redacted\]/);
  for (const output of [String(error), JSON.stringify(error), error.stack ?? ""]) {
    expect(output).not.toContain(KEY);
    expect(output).not.toContain(secret);
    expect(output).not.toContain("quick brown");
  }
});

test("key and base URL are from the call, else the factory, else the environment", async () => {
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  const env = { ANTHROPIC_API_KEY: "env-key", ANTHROPIC_BASE_URL: server.url };
  const credentials = { apiKey: "tenant-key" };
  await claude().generate(REQUEST, attemptContext({ env }));
  await claude({ apiKey: async () => "function-key" }).generate(REQUEST, attemptContext({ env }));
  await claude({ apiKey: "factory-key", baseURL: `${server.url}/base/` }).generate(REQUEST, attemptContext({ env }));
  await claude({ apiKey: "factory-key" }).generate(REQUEST, attemptContext({ env, credentials }));
  await claude().generate(
    REQUEST,
    attemptContext({ credentials: { ...credentials, baseURL: `${server.url}/proxy?v=1` } }),
  );
  expect(server.received.map(({ url, headers }) => [headers.authorization, url])).toEqual([
    ["Bearer env-key", "/v1/messages"],
    ["Bearer function-key", "/v1/messages"],
    ["Bearer factory-key", "/base/v1/messages"],
    ["Bearer tenant-key", "/v1/messages"],
    ["Bearer tenant-key", "/proxy/v1/messages?v=1"],
  ]);
});

test("sends no request without a key", async () => {
  const error = await rejection(claude().generate(REQUEST, attemptContext()));
  expect(isLLMError(error) && error.code).toBe("auth");
  expect(String(error)).toContain("ANTHROPIC_API_KEY");
});

test("a custom fetch is used", async () => {
  const seen: string[] = [];
  const provider = claude({
    apiKey: KEY,
    fetch: async (url) => {
      seen.push(url);
      return new Response(readFixture("responses/text.json"), { headers: { "content-type": "application/json" } });
    },
  });
  await provider.generate(REQUEST, attemptContext());
  expect(seen).toEqual(["https://api.anthropic.com/v1/messages"]);
});

test.each([
  ["an unknown option", { modell: "x" }, "claude.modell"],
  ["an id with capitals", { id: "Claude" }, "claude.id"],
  ["a key with a line break", { apiKey: "a\nb" }, "claude.apiKey"],
  ["an invalid base URL", { baseURL: "api.anthropic.com" }, "claude.baseURL"],
  ["plain http to another host", { baseURL: "http://example.com" }, "claude.baseURL"],
  ["headers that HTTP does not allow", { headers: { "x-one": "a\nb" } }, "claude.headers"],
])("%s is rejected by the factory", (_name, options, path) => {
  // As callers in plain JavaScript may pass it.
  const error = errorOf(() => claude(options as Parameters<typeof claude>[0]));
  expect(isLLMError(error, "invalid_input") && error.path).toBe(path);
});

test("uses the proxy in the environment, and reports its refusal as a network error without its password", async () => {
  const proxy = createServer().on("connect", (_, socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  try {
    const env = { HTTPS_PROXY: `http://me:swordfish@127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const error = await rejection(claude({ apiKey: KEY }).generate(REQUEST, attemptContext({ env })));
    expect(error).toMatchObject({
      code: "network",
      fallback: true,
      message: expect.stringMatching(
        /^Claude could not be reached: the proxy at [\d.:]+ refused to connect with status 502/,
      ),
    });
    expect(JSON.stringify(error)).not.toContain("swordfish");
  } finally {
    proxy.close();
  }
});

test("reports problems of the environment before any request", () => {
  const env = { ANTHROPIC_API_KEY: "a b", ANTHROPIC_BASE_URL: "http://example.com" };
  const problems = claude().configProblems?.(env, null);
  expect(problems?.map(({ path }) => path)).toEqual(["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"]);
  expect(claude({ allowInsecureHttp: true }).configProblems?.({ ...env, ANTHROPIC_API_KEY: "k" }, null)).toEqual([]);
});

test("describes itself", () => {
  expect(claude({ id: "claude-small", model: "claude-haiku-5-5" })).toMatchObject({
    spec: 1,
    id: "claude-small",
    name: "Claude",
    envKey: "ANTHROPIC_API_KEY",
    envModel: "ANTHROPIC_MODEL",
    envBaseURL: "ANTHROPIC_BASE_URL",
    model: "claude-haiku-5-5",
    defaultModel: "claude-sonnet-5-5",
  });
  expect(claude().isConfigured({})).toBe(false);
  expect(claude().isConfigured({ ANTHROPIC_API_KEY: " " })).toBe(false);
  expect(claude().isConfigured({ ANTHROPIC_API_KEY: "k" })).toBe(true);
  expect(claude({ apiKey: "k" }).isConfigured({})).toBe(true);
});
