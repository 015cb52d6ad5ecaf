import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLLMClient, isLLMError, type LLMClient } from "@babylon/llm-core";
import type { SDKClient } from "@babylon/provider-kit";
import OpenAI, { AzureOpenAI } from "openai";
import { BedrockOpenAI } from "openai/bedrock";
import { expect, onTestFinished, test, vi } from "vitest";
import { openaiCompatible } from "../openai-compatible.ts";

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly stream?: boolean; readonly model?: string } | null;
}

interface Server {
  readonly url: string;
  readonly received: Received[];
  /** Resolves when a connection was closed before the end of its reply. */
  readonly abandoned: Promise<void>;
}

type Answer = (response: ServerResponse, request: Received) => void;

async function serve(answer: Answer): Promise<Server> {
  const received: Received[] = [];
  const abandoned = Promise.withResolvers<void>();
  const server = createServer(async (incoming, response) => {
    response.on("close", () => {
      if (!response.writableFinished) abandoned.resolve();
    });
    let text = "";
    for await (const chunk of incoming) text += String(chunk);
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: text === "" ? null : JSON.parse(text) };
    received.push(request);
    answer(response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, abandoned: abandoned.promise };
}

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c1", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

/** Answers like Chat Completions, streamed or as JSON, and lists one model. */
const ANSWERS: Answer = (response, { method, body }) => {
  if (method === "GET") sendJSON(response, 200, { object: "list", data: [{ id: "gpt-x" }] });
  else if (body?.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req_1" });
    response.end(`${chunk({ content: "he" })}${chunk({ content: "llo" })}${chunk({}, "stop")}data: [DONE]\n\n`);
  } else {
    const choices = [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }];
    sendJSON(response, 200, { id: "c1", model: "m", choices });
  }
};

function sendJSON(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_1", ...headers });
  response.end(typeof value === "string" ? value : JSON.stringify(value));
}

const llmOf = (client: SDKClient, model = "m"): LLMClient =>
  createLLMClient({ providers: [openaiCompatible({ id: "own", name: "Own", model, client })], env: {} });

const AZURE_KEY = "0123456789abcdef0123456789abcdef";
const azure = (url: string, more: object = {}): AzureOpenAI =>
  new AzureOpenAI({ endpoint: url, apiKey: AZURE_KEY, apiVersion: "2026-01-01", logLevel: "off", ...more });

const CLIENTS: readonly [
  name: string,
  make: (url: string) => SDKClient,
  path: string,
  headers: Readonly<Record<string, string>>,
][] = [
  [
    "Azure with a key",
    (url) => azure(url, { deployment: "my-deployment" }),
    "/openai/deployments/my-deployment/chat/completions?api-version=2026-01-01",
    { "api-key": AZURE_KEY },
  ],
  [
    "Azure, a deployment for each model, with tokens of Entra",
    (url) => azure(url, { apiKey: undefined, azureADTokenProvider: async () => "entra-token" }),
    "/openai/deployments/m/chat/completions?api-version=2026-01-01",
    { authorization: "Bearer entra-token" },
  ],
  [
    "Bedrock with tokens of its own",
    (url) => new BedrockOpenAI({ baseURL: `${url}/openai/v1`, bedrockTokenProvider: async () => "aws-token" }),
    "/openai/v1/chat/completions",
    { authorization: "Bearer aws-token" },
  ],
  [
    "a workload identity",
    (url) =>
      new OpenAI({
        baseURL: `${url}/v1`,
        apiKey: null,
        adminAPIKey: null,
        workloadIdentity: {
          identityProviderId: "idp",
          serviceAccountId: "sa",
          provider: { tokenType: "jwt", getToken: async () => "subject" },
        },
        // The service that exchanges tokens has a fixed address; the API is on loopback.
        fetch: (to, init) =>
          String(to).includes("/oauth/token")
            ? Promise.resolve(Response.json({ access_token: "exchanged-token", expires_in: 600 }))
            : fetch(to, init),
      }),
    "/v1/chat/completions",
    { authorization: "Bearer exchanged-token" },
  ],
];

test.each(CLIENTS)(
  "%s: streams, JSON answers and lists are requested through the client",
  async (_, make, path, headers) => {
    const server = await serve(ANSWERS);
    const llm = llmOf(make(server.url));
    for (const transport of ["stream", "json"] as const) {
      const { text, attempts } = await llm.generateText({ prompt: "x", transport, callId: "call-1" });
      expect([text, attempts[0]?.requestId]).toEqual(["hello", "req_1"]);
    }
    expect((await llm.listModels("own")).map(({ id }) => id)).toEqual(["gpt-x"]);
    expect(server.received.slice(0, 2).map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${path}`,
      `POST ${path}`,
    ]);
    for (const { headers: sent } of server.received) expect(sent).toMatchObject(headers);
    expect(server.received[0]?.headers).toMatchObject({ "x-client-request-id": "call-1", accept: "text/event-stream" });
    expect(server.received[2]?.headers).not.toHaveProperty("x-client-request-id");
  },
);

test.each<[string, number, unknown, Record<string, string>, object]>([
  [
    "a rejected key, quoted by the vendor",
    401,
    { error: { code: "401", message: `Access denied due to invalid subscription key ${AZURE_KEY}.` } },
    {},
    { code: "auth", status: 401, requestId: "req_1" },
  ],
  [
    "a limit with a wait",
    429,
    { error: { code: "429", message: "Requests have exceeded token rate limit." } },
    { "retry-after": "26" },
    { code: "rate_limit", retryAfterMs: 26_000, retryable: true },
  ],
  ["an exhausted quota", 429, { error: { code: "insufficient_quota", message: "no" } }, {}, { code: "quota" }],
  [
    "a limit with a wait in words",
    429,
    { error: { code: "429", message: "Too many requests. Please retry after 26 seconds." } },
    {},
    { code: "rate_limit", retryAfterMs: 26_000 },
  ],
  [
    "a filtered prompt",
    400,
    { error: { code: "content_filter", message: "filtered", innererror: { code: "ResponsibleAIPolicyViolation" } } },
    {},
    { code: "content_filter" },
  ],
  [
    "an unknown deployment",
    404,
    { error: { code: "DeploymentNotFound", message: "none" } },
    {},
    { code: "model_not_found" },
  ],
  [
    "a body without an error object",
    401,
    { statusCode: 401, message: "Access denied" },
    {},
    { code: "auth", message: expect.stringContaining("Access denied") },
  ],
  [
    "only a detail",
    422,
    { detail: "not good" },
    {},
    { code: "invalid_request", message: expect.stringContaining("not good") },
  ],
  ["an HTML page", 502, "<html><body>Bad gateway</body></html>", {}, { status: 502, retryable: true }],
  ["an empty body", 503, "", {}, { code: "overloaded", status: 503 }],
  ["x-should-retry: false", 503, {}, { "x-should-retry": "false" }, { code: "overloaded", retryable: false }],
  [
    "a redirect",
    307,
    "",
    { location: "https://elsewhere.test/?key=1" },
    { code: "invalid_response", retryable: false },
  ],
])("%s is classified like a reply to our own request", async (_, status, body, headers, expected) => {
  const server = await serve((response) => sendJSON(response, status, body, headers));
  const failures = [llmOf(azure(server.url, { maxRetries: 5 })), llmOf(azure(server.url, { maxRetries: 5 }))].map(
    (llm, index) =>
      llm
        .generateText({ prompt: "x", maxRetries: 0, transport: index === 0 ? "stream" : "json" })
        .catch((error) => error),
  );
  for (const error of await Promise.all(failures)) {
    expect(isLLMError(error)).toBe(true);
    expect(error).toMatchObject({ provider: "own", ...expected });
    expect(JSON.stringify([error, error.message, error.body, error.cause])).not.toContain(AZURE_KEY);
  }
  expect(server.received, "the SDK does not retry").toHaveLength(2);
});

test.each<[string, (url: string) => SDKClient, object]>([
  ["a refused connection", () => azure("http://127.0.0.1:9"), { code: "network" }],
  [
    "the client's own timeout",
    (url) => azure(url, { timeout: 30 }),
    {
      code: "timeout",
      message: "the SDK client's own timeout expired",
      attempts: [{ sent: true, endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/openai/) }],
    },
  ],
  [
    "a token that fails to load",
    (url) =>
      azure(url, { apiKey: undefined, azureADTokenProvider: () => Promise.reject(new Error("secret-of-the-vault")) }),
    { code: "auth", fallback: true, attempts: [{ sent: false }] },
  ],
  [
    "a rejected identity",
    (url) =>
      new OpenAI({
        baseURL: url,
        apiKey: null,
        adminAPIKey: null,
        workloadIdentity: {
          identityProviderId: "idp",
          serviceAccountId: "sa",
          provider: { tokenType: "jwt", getToken: async () => "secret-of-the-vault" },
        },
        fetch: async () => Response.json({ error: "invalid_grant" }, { status: 400 }),
      }),
    { code: "auth", fallback: true, attempts: [{ sent: false }] },
  ],
])("%s: classified without revealing secrets", async (_, make, expected) => {
  const server = await serve(() => {});
  const error = await llmOf(make(server.url))
    .generateText({ prompt: "x", maxRetries: 0 })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({ provider: "own", ...expected });
  expect(JSON.stringify([error, String(error), String(error.cause)])).not.toContain("secret-of-the-vault");
});

test.each(["stream", "json"] as const)(
  "%s: an abort closes the socket, before the head and after it",
  async (transport) => {
    for (const head of [false, true]) {
      const arrived = Promise.withResolvers<void>();
      const server = await serve((response) => {
        if (head) {
          response.writeHead(200, {
            "content-type": transport === "stream" ? "text/event-stream" : "application/json",
          });
          response.write(transport === "stream" ? chunk({ content: "he" }) : '{"id":');
        }
        arrived.resolve();
      });
      const controller = new AbortController();
      const failed = llmOf(azure(server.url))
        .generateText({ prompt: "x", transport, abortSignal: controller.signal })
        .catch((error) => error);
      await arrived.promise;
      controller.abort("enough");
      expect(await failed).toMatchObject({ code: "aborted" });
      await server.abandoned;
    }
  },
);

test("the credential id is the client's identity: another client has its own, a variable has no effect", async () => {
  const server = await serve((response) => sendJSON(response, 401, { error: { code: "401", message: "no" } }));
  const first = azure(server.url);
  const own = (client: SDKClient, id: string) => openaiCompatible({ id, name: "Own", model: "m", client });
  const ids = [own(first, "a"), own(first, "b"), own(azure(server.url), "c")].map((one) =>
    one.credentialId?.({}, null),
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
  expect(String(ids)).not.toContain(AZURE_KEY);
  const llm = llmOf(first);
  await llm.generateText({ prompt: "x" }).catch(() => {});
  expect((await llm.plan()).providers).toMatchObject([{ configured: true, state: "open", code: "auth" }]);
});

test("credentials of a call are rejected, because the client has its own", async () => {
  const server = await serve(ANSWERS);
  const failed = llmOf(azure(server.url)).generateText({
    prompt: "x",
    credentials: { own: { apiKey: "tenants-key" } },
  });
  await expect(failed).rejects.toMatchObject({ code: "invalid_input", path: "credentials.own" });
  expect(server.received).toEqual([]);
});

test.each([{ apiKey: "k" }, { baseURL: "https://one.test" }, { fetch }, { allowInsecureHttp: true }])(
  "client with %j is rejected",
  (more) => {
    const [path] = Object.keys(more);
    const make = () =>
      openaiCompatible({ id: "own", name: "Own", model: "m", client: azure("https://one.test"), ...more });
    expect(make).toThrow(expect.objectContaining({ code: "invalid_input", path: `openaiCompatible.${path}` }));
  },
);

test("the client's own fetch is used", async () => {
  const seen = vi.fn(async () =>
    Response.json({ choices: [{ message: { content: "hello" }, finish_reason: "stop" }] }),
  );
  const llm = llmOf(azure("https://one.test", { fetch: seen }));
  expect((await llm.generateText({ prompt: "x", transport: "json" })).text).toBe("hello");
  expect(seen).toHaveBeenCalledTimes(1);
});
