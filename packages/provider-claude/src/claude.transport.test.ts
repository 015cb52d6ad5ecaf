import type { ServerResponse } from "node:http";
import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { claude } from "./claude.ts";
import { attemptContext, collect, KEY, REQUEST, rejection, textOf } from "./test-support/attempt-context.ts";
import { readFixture } from "./test-support/read-fixture.ts";
import { beginStream, closedURL, sendJSON, serve, type TestServer } from "./test-support/serve.ts";

const TEXT = readFixture("streams/text.txt");
const CUT = readFixture("streams/cut-before-stop-reason.txt");
const WITHOUT_STOP = readFixture("streams/no-message-stop.txt");

const provider = (server: TestServer) => claude({ apiKey: KEY, baseURL: server.url });

/** Writes, and resolves when the data has left the process. */
const write = (response: ServerResponse, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => response.write(data, () => resolve()));

/** Breaks the connection off, like a crash of the server. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

interface Row {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void | Promise<void>;
  /** The code of the error; `null`: the stream ends by itself. */
  readonly code: string | null;
  readonly text: string;
  readonly finished: boolean;
}

const STREAMS: readonly Row[] = [
  {
    name: "a stream cut at every byte",
    async answer(response) {
      beginStream(response);
      for (const byte of new TextEncoder().encode(TEXT)) await write(response, Uint8Array.of(byte));
      response.end();
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: true,
  },
  {
    name: "an end before a stop reason is an incomplete answer: no finish part",
    answer(response) {
      beginStream(response);
      response.end(CUT);
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: false,
  },
  {
    name: "an end without message_stop after a stop reason is complete",
    answer(response) {
      beginStream(response);
      response.end(WITHOUT_STOP);
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: true,
  },
  {
    name: "a reset after the stop reason loses nothing",
    async answer(response) {
      beginStream(response);
      await write(response, WITHOUT_STOP);
      reset(response);
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: true,
  },
  {
    name: "message_stop ends a stream that stays open",
    answer(response) {
      beginStream(response);
      response.write(TEXT);
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: true,
  },
  {
    name: "an incomplete event at the end is dropped",
    answer(response) {
      beginStream(response);
      response.end(CUT.trimEnd());
    },
    code: null,
    text: "Grüezi, Welt 🌍",
    finished: false,
  },
  {
    name: "a reset in the middle",
    async answer(response) {
      beginStream(response);
      await write(response, CUT);
      reset(response);
    },
    code: "network",
    text: "Grüezi, Welt 🌍",
    finished: false,
  },
  { name: "a reset before the head", answer: reset, code: "network", text: "", finished: false },
  {
    name: "an error event at once",
    answer(response) {
      beginStream(response);
      response.end(readFixture("streams/overloaded-at-once.txt"));
    },
    code: "overloaded",
    text: "",
    finished: false,
  },
  {
    name: "an error event in the middle",
    answer(response) {
      beginStream(response);
      response.end(readFixture("streams/error-mid-stream.txt"));
    },
    code: "server",
    text: "Grüezi",
    finished: false,
  },
  {
    name: "a malformed event",
    answer(response) {
      beginStream(response);
      response.end(readFixture("streams/malformed.txt"));
    },
    code: "invalid_response",
    text: "",
    finished: false,
  },
  {
    name: "an empty body",
    answer(response) {
      beginStream(response);
      response.end();
    },
    code: "invalid_response",
    text: "",
    finished: false,
  },
  {
    name: "an HTML page",
    answer: (response) =>
      sendJSON(response, 200, readFixture("errors/502-cloudflare.txt"), { "content-type": "text/html" }),
    code: "invalid_response",
    text: "",
    finished: false,
  },
  {
    name: "an error object with status 200",
    answer: (response) => sendJSON(response, 200, readFixture("errors/529-overloaded.json")),
    code: "overloaded",
    text: "",
    finished: false,
  },
  {
    name: "a complete message instead of a stream",
    answer: (response) => sendJSON(response, 200, readFixture("responses/text.json")),
    code: null,
    text: "The market leans towards yes.",
    finished: true,
  },
  {
    name: "empty JSON instead of a stream",
    answer: (response) => sendJSON(response, 200, ""),
    code: "invalid_response",
    text: "",
    finished: false,
  },
];

test.each(STREAMS)("stream: $name", async ({ answer, code, text, finished }) => {
  const server = await serve((response) => void answer(response));
  const { parts, thrown } = await collect(provider(server).stream(REQUEST, attemptContext()));
  expect(isLLMError(thrown) ? thrown.code : thrown).toBe(code);
  expect(textOf(parts)).toBe(text);
  expect(parts.at(-1)?.type === "finish").toBe(finished);
  expect(server.received).toHaveLength(1);
});

test.each([
  { name: "a reset before the head", answer: reset, code: "network" },
  {
    name: "a reset in the body",
    answer: async (response: ServerResponse) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "10000" });
      await write(response, '{"type":"message"');
      reset(response);
    },
    code: "network",
  },
  {
    name: "a truncated body without a reset",
    answer: (r: ServerResponse) => sendJSON(r, 200, '{"type":"mess'),
    code: "truncated",
  },
  { name: "an empty body", answer: (r: ServerResponse) => sendJSON(r, 200, ""), code: "invalid_response" },
  {
    name: "an HTML page",
    answer: (r: ServerResponse) => sendJSON(r, 200, "<!DOCTYPE html><html></html>", { "content-type": "text/html" }),
    code: "invalid_response",
  },
  {
    name: "an error object with status 200",
    answer: (r: ServerResponse) => sendJSON(r, 200, '{"error":{"message":"no"}}'),
    code: "invalid_response",
  },
  {
    name: "an error whose body is truncated by a reset",
    answer: async (response: ServerResponse) => {
      response.writeHead(529, { "content-length": "10000" });
      await write(response, '{"type":"error"');
      reset(response);
    },
    code: "network",
  },
])("generate: $name", async ({ answer, code }) => {
  const server = await serve((response) => void answer(response));
  const error = await rejection(provider(server).generate(REQUEST, attemptContext()));
  expect(isLLMError(error) && error.code).toBe(code);
});

test("reports a refused connection as a network error", async () => {
  const error = await rejection(
    claude({ apiKey: KEY, baseURL: await closedURL() }).generate(REQUEST, attemptContext()),
  );
  expect(isLLMError(error) && error.code).toBe("network");
  expect(String(error)).toContain("Claude refused the connection (ECONNREFUSED)");
});

const abortCases = [
  ["before the head", () => {}],
  ["after the head", (response: ServerResponse) => beginStream(response).flushHeaders()],
  [
    "in the middle",
    (response: ServerResponse) => {
      beginStream(response).write(CUT);
    },
  ],
] as const;

test.each(abortCases)("an abort %s closes the socket and surfaces the reason", async (_name, answer) => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const server = await serve((response) => {
    answer(response);
    // The reply is in flight; any part of it may arrive before the abort.
    setImmediate(() => controller.abort(reason));
  });
  const context = attemptContext({ signal: controller.signal });
  const { thrown } = await collect(provider(server).stream(REQUEST, context));
  expect(thrown).toBe(reason);
  await server.abandoned;
});

test("an abort while generate waits closes the socket and surfaces the reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const server = await serve((response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"type":');
    setImmediate(() => controller.abort(reason));
  });
  const context = attemptContext({ signal: controller.signal });
  expect(await rejection(provider(server).generate(REQUEST, context))).toBe(reason);
  await server.abandoned;
});

test("an abort while the key is fetched surfaces the reason, without a request", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  const apiKey = () => {
    controller.abort(reason);
    return new Promise<string>(() => {});
  };
  const context = attemptContext({ signal: controller.signal });
  expect(await rejection(claude({ apiKey, baseURL: server.url }).generate(REQUEST, context))).toBe(reason);
  expect(server.received).toEqual([]);
});

test("with an aborted signal nothing is sent and no key is fetched", async () => {
  const server = await serve((response) => sendJSON(response, 200, readFixture("responses/text.json")));
  const fetched: string[] = [];
  const apiKey = () => {
    fetched.push("key");
    return KEY;
  };
  const reason = new Error("enough");
  const context = attemptContext({ signal: AbortSignal.abort(reason) });
  expect(await rejection(claude({ apiKey, baseURL: server.url }).generate(REQUEST, context))).toBe(reason);
  expect([...fetched, ...server.received]).toEqual([]);
});

test("closing the stream closes the socket at once", async () => {
  const server = await serve((response) => {
    beginStream(response).write(CUT);
  });
  for await (const part of provider(server).stream(REQUEST, attemptContext())) if (part.type === "text") break;
  await server.abandoned;
});

test("after message_stop the body may end, so that the connection can be reused", async () => {
  let cancelled = false;
  let end: () => void = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(TEXT));
      end = () => controller.close();
    },
    cancel() {
      cancelled = true;
    },
  });
  const fetch = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  const { parts } = await collect(claude({ apiKey: KEY, fetch }).stream(REQUEST, attemptContext()));
  expect(parts.at(-1)?.type).toBe("finish");
  expect(cancelled).toBe(false);
  end();
});

test("removes all listeners from the signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  // The platform's fetch keeps a listener until the signal is garbage-collected, so a mock replaces it.
  const fetch = async () => new Response(TEXT, { headers: { "content-type": "text/event-stream" } });
  const { parts } = await collect(claude({ apiKey: KEY, fetch }).stream(REQUEST, attemptContext({ signal })));
  expect(parts.at(-1)?.type).toBe("finish");
  expect(listeners).toBe(0);
});
