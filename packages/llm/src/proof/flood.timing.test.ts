import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";
import { type CallRecord, createLLMClient, isLLMError } from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The first data of a server, and the repeated data. */
interface Flood {
  readonly status?: number;
  readonly type?: string;
  readonly first?: string;
  next(count: number): string;
}

const big = "x".repeat(16_000);
const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const json = "application/json";

const FLOODS: Readonly<Record<string, Flood>> = {
  text: { next: () => chunk({ content: big }) },
  "small pieces of text": { next: () => chunk({ content: "ab " }).repeat(100) },
  reasoning: { next: () => chunk({ reasoning: big }) },
  "arguments of a tool": {
    next: () => chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: big } }] }),
  },
  "tool calls": {
    next: (count) =>
      chunk({ tool_calls: [{ index: count, id: `c${count}`, function: { name: "f", arguments: big } }] }),
  },
  "one line": { next: () => big },
  comments: { next: () => `: ${big}\n` },
  "lines of data": { next: () => `data: ${big}\n` },
  "names of events": { next: () => `event: ${big}\n` },
  "empty chunks": { next: () => chunk({}).repeat(100) },
  "an answer that is not streamed": {
    type: json,
    first: '{"choices":[{"message":{"content":"',
    next: () => big,
  },
  "a web page": { type: "text/html", first: "<html>", next: () => big },
};

const ERROR: Flood = {
  status: 429,
  type: json,
  first: '{"error":{"code":"insufficient_quota","message":"',
  next: () => big,
};
const LIST: Flood = { type: json, first: '{"object":"list","data":[', next: (count) => `{"id":"m${count}-${big}"},` };

const MAX_RESPONSE_BYTES = 256 * 1024;

let url = "";
let flood: Flood = LIST;
let gzip = false;
let requests = 0;
let closed: Promise<boolean> = Promise.resolve(false);

const server = createServer((request, response) => {
  requests += 1;
  request.resume();
  // Whether the client left before the server had finished.
  closed = new Promise((resolve) => response.on("close", () => resolve(!response.writableFinished)));
  void send(response, flood);
});

async function send(response: ServerResponse, { status = 200, type = "text/event-stream", first = "", next }: Flood) {
  response.writeHead(status, { "content-type": type, ...(gzip ? { "content-encoding": "gzip" } : {}) });
  const out = gzip ? createGzip() : response;
  if (out !== response) out.pipe(response);
  out.on("error", () => {});
  out.write(first);
  for (let count = 0; !response.closed && count < 20_000; count += 1) {
    if (out.write(next(count))) continue;
    await new Promise<void>((resolve) => {
      out.once("drain", resolve);
      response.once("close", resolve);
    });
    out.removeAllListeners("drain");
  }
  out.end();
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const spare = {
  spec: 1,
  id: "spare",
  name: "Spare",
} as const;

/** A link with the flood, then a link that answers. */
function clientOf(fetch: typeof globalThis.fetch | undefined, records: CallRecord[] = []) {
  const first = groq({ id: "first", baseURL: `${url}/v1`, apiKey: "k-123", model: "m", fetch });
  return createLLMClient({
    env: {},
    providers: [
      first,
      {
        ...first,
        ...spare,
        async *stream() {
          yield { type: "text", text: "spare" };
          yield { type: "finish", finishReason: "stop", rawFinishReason: null, responseId: null, responseModel: null };
        },
        generate: async () => ({
          text: "spare",
          reasoning: [],
          toolCalls: [],
          usage: {
            inputTokens: null,
            outputTokens: null,
            cachedInputTokens: null,
            cacheWriteInputTokens: null,
            longCacheWriteInputTokens: null,
            reasoningTokens: null,
          },
          finishReason: "stop",
          rawFinishReason: null,
          responseId: null,
          responseModel: null,
        }),
      },
    ],
    maxResponseBytes: MAX_RESPONSE_BYTES,
    recorders: [(record) => void records.push(record)],
  });
}

describe.each([
  ["Node's dispatcher", undefined],
  ["fetch", (...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args)],
])("by %s", (_, fetch) => {
  describe.each([false, true])("compressed: %s", (compressed) => {
    test.each(Object.entries(FLOODS))("%s: invalid_response, once, and the next link serves", async (_name, each) => {
      flood = each;
      gzip = compressed;
      requests = 0;
      const records: CallRecord[] = [];
      await using llm = clientOf(fetch, records);
      const transport = each.type === json ? "json" : "auto";
      const result = await llm.generateText({ prompt: "?", transport });
      expect(result.text).toBe("spare");
      expect(await closed).toBe(true);
      expect(requests).toBe(1);
      expect(result.attempts[0]?.error).toMatchObject({
        code: "invalid_response",
        message: "Groq sent more than 256 KB (maxResponseBytes)",
      });
    });

    test("an error body is classified by the part that was read", async () => {
      flood = ERROR;
      gzip = compressed;
      await using llm = clientOf(fetch);
      const { attempts, text } = await llm.generateText({ prompt: "?" });
      expect(text).toBe("spare");
      expect(await closed).toBe(true);
      expect(attempts[0]?.error).toMatchObject({ code: "quota", status: 429 });
    });

    test("a list of models", async () => {
      flood = LIST;
      gzip = compressed;
      await using llm = clientOf(fetch);
      await expect(llm.listModels("first")).rejects.toMatchObject({
        code: "invalid_response",
        message: "Groq sent more than 256 KB (maxResponseBytes)",
      });
      expect(await closed).toBe(true);
    });
  });
});

test("a list of models has its own limit", async () => {
  flood = LIST;
  gzip = false;
  const first = groq({ id: "first", baseURL: `${url}/v1`, apiKey: "k-123", model: "m" });
  await using llm = createLLMClient({ providers: [first], env: {} });
  await expect(llm.listModels("first")).rejects.toThrow("Groq sent more than 8 MB (the limit of a list of models");
  expect(await closed).toBe(true);
});

test("Claude's list of models is bounded over all its pages", async () => {
  const pad = "y".repeat(3 * 1024 * 1024);
  let pages = 0;
  const pageServer = createServer((_, response) => {
    pages += 1;
    const data = [{ type: "model", id: `m${pages}`, display_name: "M", created_at: pad }];
    response.setHeader("content-type", json);
    response.end(JSON.stringify({ data, has_more: true, first_id: "a", last_id: `m${pages}` }));
  });
  await new Promise<void>((resolve) => pageServer.listen(0, "127.0.0.1", resolve));
  try {
    const baseURL = `http://127.0.0.1:${(pageServer.address() as AddressInfo).port}`;
    await using llm = createLLMClient({ providers: [claude({ apiKey: "k-123", baseURL })], env: {} });
    await expect(llm.listModels("claude")).rejects.toThrow("Claude sent more than 8 MB");
    expect(pages).toBe(3);
  } finally {
    pageServer.closeAllConnections();
    await new Promise((resolve) => pageServer.close(resolve));
  }
});

test("a stream that has emitted text fails with interrupted and the cause", async () => {
  flood = FLOODS.text ?? LIST;
  gzip = false;
  await using llm = clientOf(undefined);
  let received = "";
  const reading = (async () => {
    for await (const text of llm.streamText({ prompt: "?" }).textStream) received += text;
  })();
  const thrown: unknown = await reading.catch((error: unknown) => error);
  expect(isLLMError(thrown, "interrupted") && thrown.message).toContain(
    "Groq sent more than 256 KB (maxResponseBytes)",
  );
  expect(received.length).toBeGreaterThan(0);
  expect(received.length).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
  expect(await closed).toBe(true);
});

test("a flood after a complete answer does not affect it", async () => {
  const whole =
    chunk({ content: "All of it." }) +
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`;
  flood = { first: whole, next: () => `: ${big}\n` };
  gzip = false;
  await using llm = clientOf(undefined);
  expect((await llm.generateText({ prompt: "?" })).text).toBe("All of it.");
  expect(await closed).toBe(true);
});
