import Anthropic, { type ClientOptions } from "@anthropic-ai/sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import { createLLMClient, type LLMClient } from "@babylon/llm-core";
import type { SDKClient } from "@babylon/provider-kit";
import { expect, test } from "vitest";
import { claude } from "../claude.ts";
import { readFixture } from "../test-support/read-fixture.ts";
import { beginStream, type ReceivedRequest, sendJSON, serve } from "../test-support/serve.ts";

const MODEL = "claude-sonnet-5-5";

const llmOf = (client: SDKClient): LLMClient => createLLMClient({ providers: [claude({ client })], env: {} });

const answer: Parameters<typeof serve>[0] = (response, { method, url, body }) => {
  if (method === "GET") sendJSON(response, 200, readFixture("models/page-2.json"));
  else if (/stream/i.test(url) || JSON.stringify(body).includes('"stream":true')) {
    beginStream(response).end(readFixture("streams/text.txt"));
  } else sendJSON(response, 200, readFixture("responses/text.json"));
};

/** A client class like those for cloud platforms: another path, the model removed from the body, a signature of the request. */
class SignedAnthropic extends Anthropic {
  constructor(options: ClientOptions) {
    super({ ...options, apiKey: null, authToken: null, credentials: null });
  }
  protected override validateHeaders(): void {}
  protected override async prepareRequest(request: RequestInit, { url }: { url: string }): Promise<void> {
    const headers = new Headers(request.headers);
    headers.set("authorization", `SIG over ${new URL(url).pathname} and ${String(request.body).length}`);
    request.headers = headers;
  }
  override _shouldResolveDefaultCredentials(): boolean {
    return false;
  }
}

const vertex = (url: string): AnthropicVertex =>
  new AnthropicVertex({
    region: "europe-west1",
    baseURL: `${url}/v1`,
    logLevel: "off",
    // The two members of Google's client that the class uses.
    authClient: {
      projectId: "my-project",
      getRequestHeaders: async () => new Headers({ authorization: "Bearer google-token" }),
    } as unknown as NonNullable<ConstructorParameters<typeof AnthropicVertex>[0]>["authClient"],
  });

const VERTEX_MODEL = `/v1/projects/my-project/locations/europe-west1/publishers/anthropic/models/${MODEL}`;

const CLIENTS: readonly [
  name: string,
  make: (url: string) => SDKClient,
  urls: { stream: string; json: string },
  authorization: (request: ReceivedRequest) => string,
][] = [
  [
    "Vertex",
    vertex,
    { stream: `${VERTEX_MODEL}:streamRawPredict`, json: `${VERTEX_MODEL}:rawPredict` },
    () => "Bearer google-token",
  ],
  [
    "a workload identity",
    (url) =>
      new Anthropic({
        baseURL: url,
        logLevel: "off",
        credentials: async () => ({ token: "exchanged-token", expiresAt: null }),
      }),
    { stream: "/v1/messages", json: "/v1/messages" },
    () => "Bearer exchanged-token",
  ],
  [
    "a class that signs requests",
    (url) => new SignedAnthropic({ baseURL: url, logLevel: "off" }),
    { stream: "/v1/messages", json: "/v1/messages" },
    ({ url, body }) => `SIG over ${url} and ${JSON.stringify(body).length}`,
  ],
];

test.each(CLIENTS)(
  "%s: streams and JSON answers are requested through the client",
  async (_, make, urls, authorization) => {
    const server = await serve(answer);
    const llm = llmOf(make(server.url));
    for (const transport of ["stream", "json"] as const) {
      const { text, attempts } = await llm.generateText({ prompt: "x", transport, callId: "call-1" });
      expect(text).not.toBe("");
      expect(attempts).toMatchObject([{ outcome: "success", requestId: transport === "stream" ? "req_s" : "req_j" }]);
    }
    expect(server.received.map(({ url }) => url)).toEqual([urls.stream, urls.json]);
    for (const request of server.received) {
      expect(request.headers).toMatchObject({
        authorization: authorization(request),
        "x-client-request-id": "call-1",
        "user-agent": "babylon-llm",
      });
    }
  },
);

test("requests the list of models with the client", async () => {
  const server = await serve(answer);
  const client = new Anthropic({ baseURL: server.url, apiKey: "k", logLevel: "off" });
  expect(await llmOf(client).listModels("claude")).not.toEqual([]);
  expect(server.received).toMatchObject([{ method: "GET", url: "/v1/models?limit=1000" }]);
});

test.each<[string, number, object]>([
  ["errors/401-authentication.json", 401, { code: "auth" }],
  ["errors/429-rate-limit.json", 429, { code: "rate_limit", retryAfterMs: 26_000 }],
  ["errors/429-enforced-spend-limit.json", 429, { code: "quota" }],
  ["errors/400-prompt-too-long.json", 400, { code: "context_length" }],
  ["errors/529-overloaded.json", 529, { code: "overloaded" }],
  ["errors/413-cloudflare.txt", 413, {}],
])("%s is classified like a reply to our own request", async (name, status, expected) => {
  const { text } = name.endsWith(".txt") ? { text: readFixture(name) } : bodyOf(readFixture(name));
  const server = await serve((response) =>
    sendJSON(response, status, text, status === 429 ? { "retry-after": "26" } : {}),
  );
  const ask = (llm: LLMClient) => llm.generateText({ prompt: "x", maxRetries: 0 }).catch((error) => error);
  const direct = await ask(
    createLLMClient({ providers: [claude({ apiKey: "the-key-of-the-client", baseURL: server.url })], env: {} }),
  );
  const client = new Anthropic({
    baseURL: server.url,
    apiKey: "the-key-of-the-client",
    maxRetries: 5,
    logLevel: "off",
  });
  for (const error of [await ask(llmOf(client)), await ask(llmOf(vertex(server.url)))]) {
    expect(error).toMatchObject({ status, requestId: "req_j", ...expected });
    expect({ ...error.toJSON(), callId: null, attempts: null }).toEqual({
      ...direct.toJSON(),
      callId: null,
      attempts: null,
    });
  }
  expect(server.received).toHaveLength(3);
});

/** The content of an error fixture: the body, or the body with status and headers. */
function bodyOf(json: string): { text: string } {
  const parsed: unknown = JSON.parse(json);
  const isWrapped = typeof parsed === "object" && parsed !== null && "body" in parsed;
  return { text: isWrapped ? JSON.stringify(parsed.body) : json };
}

test.each(["stream", "json"] as const)("%s: an abort closes the socket in the middle of a body", async (transport) => {
  const arrived = Promise.withResolvers<void>();
  const server = await serve((response) => {
    if (transport === "stream") beginStream(response).write("event: ping\ndata: {}\n\n");
    else response.writeHead(200, { "content-type": "application/json" }).write("{");
    arrived.resolve();
  });
  const controller = new AbortController();
  const failed = llmOf(vertex(server.url))
    .generateText({ prompt: "x", transport, abortSignal: controller.signal })
    .catch((error) => error);
  await arrived.promise;
  controller.abort("enough");
  expect(await failed).toMatchObject({ code: "aborted" });
  await server.abandoned;
});

test("credentials that fail to load are an auth error without their message", async () => {
  const server = await serve(answer);
  const client = new Anthropic({
    baseURL: server.url,
    logLevel: "off",
    credentials: () => Promise.reject(new Error("secret-of-the-vault")),
  });
  const error = await llmOf(client)
    .generateText({ prompt: "x", maxRetries: 0 })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "auth", provider: "claude", fallback: true, attempts: [{ sent: false }] });
  expect(JSON.stringify([error, String(error), String(error.cause)])).not.toContain("secret-of-the-vault");
});

test.each([{ apiKey: "k" }, { baseURL: "https://one.test" }, { fetch }])("client with %j is rejected", (more) => {
  const [path] = Object.keys(more);
  const client = new Anthropic({ apiKey: "k" });
  expect(() => claude({ client, ...more })).toThrow(
    expect.objectContaining({ code: "invalid_input", path: `claude.${path}` }),
  );
});
