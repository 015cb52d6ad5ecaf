import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLLMError, type ModelRequest, type Provider, type ResponseHead, type StreamPart } from "@babylon/llm-core";
import { afterEach, expect, test } from "vitest";
import { createProvider } from "./create-provider.ts";
import { createModelTable } from "./model-table.ts";
import { PLAIN_TRAITS } from "./model-traits.ts";
import { attemptContext } from "./test-support/attempt-context.ts";
import { readFixture } from "./test-support/read-fixture.ts";
import type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";

const REQUEST: ModelRequest = { model: "team/model:v1", messages: [{ role: "user", content: "Hi" }] };
const KEY = "plain-looking-key-of-the-operator";

const VENDOR: Vendor = {
  id: "acme",
  name: "Acme",
  envKey: "ACME_API_KEY",
  envModel: "ACME_MODEL",
  envBaseURL: "ACME_BASE_URL",
  defaultBaseURL: "https://api.acme.test/v1",
  defaultModel: "team/model:v1",
  retired: {},
  ...createModelTable(PLAIN_TRAITS, []),
  headers: (env) => ({ "openai-project": env.ACME_PROJECT ?? "default/project" }),
  problems: (env) => (env.ACME_PROJECT === "bad" ? [{ path: "ACME_PROJECT", expected: "a good one" }] : []),
};

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

let server: Server | null = null;
afterEach(async () => {
  const open = server;
  server = null;
  if (open === null) return;
  open.closeAllConnections();
  await new Promise((resolve) => open.close(resolve));
});

async function listen(listener: RequestListener): Promise<string> {
  const created = createServer(listener);
  server = created;
  await new Promise<void>((resolve) => created.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(created.address() as AddressInfo).port}/v1`;
}

/** A server that answers every request in the same way and records them. */
async function serve(
  status: number,
  headers: Record<string, string>,
  body: string,
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await listen(async (req, res) => {
    let text = "";
    for await (const chunk of req) text += String(chunk);
    seen.push({ method: req.method, url: req.url, headers: req.headers, body: text === "" ? null : JSON.parse(text) });
    res.writeHead(status, headers).end(body);
  });
  return { url, seen };
}

const acme = (baseURL: string, options: CompatibleFactoryOptions = {}): Provider =>
  createProvider(VENDOR, { apiKey: KEY, baseURL, ...options });

async function collect(stream: AsyncIterable<StreamPart>): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (thrown: unknown) => thrown,
  );

const JSON_TYPE = { "content-type": "application/json" };
const SSE_TYPE = { "content-type": "text/event-stream" };

test("sends the request, and reports the head of the reply", async () => {
  const { url, seen } = await serve(
    200,
    {
      ...JSON_TYPE,
      "x-request-id": "req_7",
      "x-ratelimit-remaining-requests": "9",
      "x-ratelimit-reset-requests": "1s",
    },
    readFixture("response/openai-text.json"),
  );
  const heads: ResponseHead[] = [];
  const answer = await acme(url, { headers: { "X-Team": "blue" } }).generate(
    { ...REQUEST, providerOptions: { headers: { "x-one": "1" }, body: { service_tier: "flex" } } },
    attemptContext({ callId: "call-42", onResponse: (head) => heads.push(head) }),
  );
  expect(answer.text).toBe("The harbour is open.");
  expect(heads).toEqual([
    { status: 200, requestId: "req_7", rateLimits: [{ kind: "requests", limit: null, remaining: 9, resetMs: 1000 }] },
  ]);
  expect(seen).toMatchObject([
    {
      method: "POST",
      url: "/v1/chat/completions",
      body: {
        model: "team/model:v1",
        messages: [{ role: "user", content: "Hi" }],
        stream: false,
        service_tier: "flex",
      },
    },
  ]);
  const { host, connection, "content-length": _, ...headers } = seen[0]?.headers ?? {};
  expect(headers).toMatchObject({
    accept: "application/json",
    authorization: `Bearer ${KEY}`,
    "content-type": "application/json",
    "openai-project": "default/project",
    "user-agent": "babylon-llm",
    "x-client-request-id": "call-42",
    "x-one": "1",
    "x-team": "blue",
  });
  expect(Object.keys(headers).filter((name) => name.startsWith("x-stainless"))).toEqual([]);
});

test("a stream is read from the socket", async () => {
  const { url, seen } = await serve(200, SSE_TYPE, readFixture("stream/openai-text.txt"));
  let heads = 0;
  const onResponse = (): void => {
    heads += 1;
  };
  const parts = await collect(acme(url).stream(REQUEST, attemptContext({ onResponse })));
  expect(parts.map(({ type }) => type)).toEqual(["text", "text", "usage", "finish"]);
  expect(heads).toBe(1);
  expect(seen[0]?.headers.accept).toBe("text/event-stream");
  expect(seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

test("the environment variables of the SDK have no effect", async () => {
  const { url, seen } = await serve(200, JSON_TYPE, readFixture("response/openai-text.json"));
  const variables: Record<string, string> = {
    OPENAI_API_KEY: "sk-of-openai",
    OPENAI_ADMIN_KEY: "sk-admin-of-openai",
    OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
    OPENAI_ORG_ID: "org-of-openai",
    OPENAI_PROJECT_ID: "proj-of-openai",
    OPENAI_WEBHOOK_SECRET: "hook-of-openai",
    OPENAI_LOG: "debug",
    OPENAI_CUSTOM_HEADERS: "x-leak: of-openai\nauthorization: Bearer of-openai\nuser-agent: of-openai",
  };
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await acme(url).generate(REQUEST, attemptContext());
    await acme(url)
      .listModels?.(attemptContext())
      .catch(() => {});
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
  }
  expect(seen).toHaveLength(2);
  expect(JSON.stringify(seen)).not.toContain("of-openai");
});

test("key and base URL are from the environment or the credentials of each call", async () => {
  const { url, seen } = await serve(200, JSON_TYPE, readFixture("response/openai-text.json"));
  const provider = createProvider(VENDOR, {});
  await Promise.all([
    provider.generate(REQUEST, attemptContext({ env: { ACME_API_KEY: "one", ACME_BASE_URL: `${url}/one/` } })),
    provider.generate(REQUEST, attemptContext({ env: { ACME_API_KEY: "two", ACME_BASE_URL: `${url}/two` } })),
    provider.generate(
      REQUEST,
      attemptContext({
        env: { ACME_API_KEY: "one", ACME_BASE_URL: url },
        credentials: { apiKey: "tenant", baseURL: `${url}/tenant` },
      }),
    ),
  ]);
  const sent = seen.map(({ url: path, headers }) => [path, headers.authorization, headers["openai-project"]]);
  expect(sent.toSorted()).toEqual([
    ["/v1/one/chat/completions", "Bearer one", "default/project"],
    ["/v1/tenant/chat/completions", "Bearer tenant", undefined],
    ["/v1/two/chat/completions", "Bearer two", "default/project"],
  ]);
});

test("calls a key function for each request", async () => {
  const { url, seen } = await serve(200, JSON_TYPE, readFixture("response/openai-text.json"));
  let calls = 0;
  const provider = acme(url, { apiKey: async () => `key-${++calls}` });
  await provider.generate(REQUEST, attemptContext());
  await provider.generate(REQUEST, attemptContext());
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer key-1", "Bearer key-2"]);
});

test.each<[string, Record<string, string>, { apiKey: string; baseURL?: string } | null, string]>([
  ["a key with a line break", { ACME_API_KEY: "a\nb" }, null, "ACME_API_KEY"],
  ["an invalid base URL", { ACME_API_KEY: "k", ACME_BASE_URL: "nowhere" }, null, "ACME_BASE_URL"],
  ["plain http to another host", { ACME_API_KEY: "k", ACME_BASE_URL: "http://far.test" }, null, "ACME_BASE_URL"],
  ["a tenant's invalid key", { ACME_API_KEY: "k" }, { apiKey: "a b" }, "credentials.acme.apiKey"],
  ["the vendor's own variable", { ACME_API_KEY: "k", ACME_PROJECT: "bad" }, null, "ACME_PROJECT"],
])("%s is invalid_input before any request, and reported by configProblems", async (_, env, credentials, path) => {
  const provider = createProvider(VENDOR, { fetch: () => Promise.reject(new Error("a request was made")) });
  expect(provider.configProblems?.(env, credentials).map((problem) => problem.path)).toEqual([path]);
  const error = await failureOf(provider.generate(REQUEST, attemptContext({ env, credentials })));
  expect(isLLMError(error, "invalid_input") && error.path).toBe(path);
});

test("an error reply becomes one error, without the key and the prompt", async () => {
  const prompt = "Tell me all about the secret harbour of Babylon";
  const message = `Incorrect API key provided: ${KEY}. Your message was: ${prompt}`;
  const { url } = await serve(
    401,
    { ...JSON_TYPE, "x-request-id": "req_8" },
    JSON.stringify({ error: { message, type: "invalid_request_error", code: "invalid_api_key", param: null } }),
  );
  const request: ModelRequest = { ...REQUEST, messages: [{ role: "user", content: prompt }] };
  const error = await failureOf(acme(url).generate(request, attemptContext()));
  expect(error).toMatchObject({
    code: "auth",
    status: 401,
    provider: "acme",
    model: "team/model:v1",
    requestId: "req_8",
    callId: "call-1",
  });
  expect(JSON.stringify(error)).not.toContain(KEY);
  expect(JSON.stringify(error)).not.toContain("harbour");
});

test("a refused connection and resets are network errors", async () => {
  const url = await listen((req, res) => {
    if (req.url === "/v1/before/chat/completions") return void req.socket.resetAndDestroy();
    const stream = req.url === "/v1/stream/chat/completions";
    res.writeHead(200, stream ? SSE_TYPE : { ...JSON_TYPE, "content-length": "1000" });
    const text = stream ? readFixture("stream/truncated.txt") : '{"choices":[';
    res.write(text, () => setImmediate(() => req.socket.resetAndDestroy()));
  });
  const network = { code: "network", retryable: true, fallback: true, provider: "acme", status: null };
  const { generate, stream } = acme("http://127.0.0.1:1/v1");
  expect(await failureOf(generate(REQUEST, attemptContext()))).toMatchObject(network);
  expect(await failureOf(collect(stream(REQUEST, attemptContext())))).toMatchObject(network);
  expect(await failureOf(acme(`${url}/before`).generate(REQUEST, attemptContext()))).toMatchObject(network);
  expect(await failureOf(acme(`${url}/during`).generate(REQUEST, attemptContext()))).toMatchObject(network);
  expect(await failureOf(collect(acme(`${url}/stream`).stream(REQUEST, attemptContext())))).toMatchObject(network);
});

/** A server that never finishes; `closed` resolves when the client's socket is gone. */
async function serveForever(head: boolean): Promise<{ url: string; arrived: Promise<void>; closed: Promise<void> }> {
  const arrived = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const url = await listen((req, res) => {
    req.socket.once("close", () => closed.resolve());
    if (head) {
      res.writeHead(200, SSE_TYPE);
      res.write(readFixture("stream/truncated.txt"));
    }
    arrived.resolve();
  });
  return { url, arrived: arrived.promise, closed: closed.promise };
}

test.each(["generate", "stream"] as const)(
  "%s: an abort while waiting for the head closes the socket",
  async (kind) => {
    const { url, arrived, closed } = await serveForever(false);
    const controller = new AbortController();
    const context = attemptContext({ signal: controller.signal });
    const provider = acme(url);
    const failure = failureOf(
      kind === "generate" ? provider.generate(REQUEST, context) : collect(provider.stream(REQUEST, context)),
    );
    await arrived;
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await closed;
  },
);

test("an abort in the middle of a stream closes the socket and surfaces the reason", async () => {
  const { url, closed } = await serveForever(true);
  const controller = new AbortController();
  const reason = new Error("enough");
  const iterator = acme(url)
    .stream(REQUEST, attemptContext({ signal: controller.signal }))
    [Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const waiting = failureOf(iterator.next());
  controller.abort(reason);
  expect(await waiting).toBe(reason);
  await closed;
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("breaking out of a stream closes the socket", async () => {
  const { url, closed } = await serveForever(true);
  for await (const _ of acme(url).stream(REQUEST, attemptContext())) break;
  await closed;
});

test("with an aborted signal nothing is sent, also during loading of the key", async () => {
  const { url, seen } = await serve(200, JSON_TYPE, "{}");
  const reason = new Error("before");
  const signal = AbortSignal.abort(reason);
  expect(await failureOf(acme(url).generate(REQUEST, attemptContext({ signal })))).toBe(reason);
  expect(await failureOf(collect(acme(url).stream(REQUEST, attemptContext({ signal }))))).toBe(reason);

  const controller = new AbortController();
  const provider = acme(url, { apiKey: () => new Promise(() => {}) });
  const waiting = failureOf(provider.generate(REQUEST, attemptContext({ signal: controller.signal })));
  controller.abort(reason);
  expect(await waiting).toBe(reason);
  expect(seen).toEqual([]);
});

test("a stream that was read to its end releases its connection for reuse", async () => {
  const sockets = new Set<unknown>();
  const url = await listen((req, res) => {
    sockets.add(req.socket);
    req.resume();
    res.writeHead(200, SSE_TYPE).end(readFixture("stream/openai-text.txt"));
  });
  const provider = acme(url);
  for (let round = 0; round < 6; round++) {
    for await (const part of provider.stream(REQUEST, attemptContext())) if (part.type === "finish") break;
  }
  expect(sockets.size).toBeLessThan(3);
});

test("lists models; an empty list is an empty list", async () => {
  const { url, seen } = await serve(200, JSON_TYPE, '{"object":"list","data":[]}');
  expect(await acme(url).listModels?.(attemptContext())).toEqual([]);
  expect(seen).toMatchObject([{ method: "GET", url: "/v1/models", body: null }]);
  expect(seen[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "openai-project": "default/project" });
});

test("uses the proxy in the environment, and reports its refusal as a network error without its password", async () => {
  const url = await listen(() => {});
  server?.on("connect", (_, socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
  const env = { HTTPS_PROXY: `http://me:swordfish@${new URL(url).host}` };
  const failure = await failureOf(acme("https://acme.test").generate(REQUEST, attemptContext({ env })));
  expect(failure).toMatchObject({
    code: "network",
    fallback: true,
    message: expect.stringMatching(
      /^Acme could not be reached: the proxy at [\d.:]+ refused to connect with status 407/,
    ),
  });
  expect(JSON.stringify(failure)).not.toContain("swordfish");
});

test("a given fetch is used instead of the platform's", async () => {
  const urls: string[] = [];
  const provider = acme("https://acme.test/v1?api-version=1", {
    fetch: async (url) => {
      urls.push(url);
      return new Response(readFixture("response/openai-text.json"), { headers: JSON_TYPE });
    },
  });
  await provider.generate(REQUEST, attemptContext());
  expect(urls).toEqual(["https://acme.test/v1/chat/completions?api-version=1"]);
});

test("describes itself", () => {
  const provider = createProvider(VENDOR, { id: "acme-2", model: "m" });
  expect(provider).toMatchObject({ spec: 1, id: "acme-2", name: "Acme", envKey: "ACME_API_KEY", model: "m" });
  expect(createProvider(VENDOR, {}).model).toBeNull();
  expect(provider.isConfigured({})).toBe(false);
  expect(provider.isConfigured({ ACME_API_KEY: "k" })).toBe(true);
  expect(provider.capabilities("anything")).toBe(PLAIN_TRAITS.capabilities);
});
