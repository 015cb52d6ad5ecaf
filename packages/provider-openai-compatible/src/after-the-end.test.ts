import { createServer, type ServerResponse } from "node:http";
import { createLLMClient, isLLMError, type Timeouts } from "@babylon/llm-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openaiCompatible } from "./index.ts";

const event = (choices: readonly unknown[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: "c", model: "m", choices, ...more })}\n\n`;
const TEXT = event([{ index: 0, delta: { content: "Hello" }, finish_reason: null }]);
const STOP = event([{ index: 0, delta: {}, finish_reason: "stop" }]);
const USAGE = event([], { usage: { prompt_tokens: 3, completion_tokens: 1 } });

let requests = 0;
let answer: (response: ServerResponse) => void = () => {};
const server = createServer((request, response) => {
  requests += 1;
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    answer(response);
  });
});
let baseURL = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  baseURL = `http://127.0.0.1:${address.port}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = 0;
});

const client = () =>
  createLLMClient({ providers: [openaiCompatible({ id: "acme", name: "Acme", baseURL, model: "m" })], env: {} });

/** Sends comments while the connection is open. */
function ping(response: ServerResponse): void {
  const timer = setInterval(() => response.write(": ping\n\n"), 50);
  response.on("close", () => clearInterval(timer));
}

it.each<[string, Timeouts, (response: ServerResponse) => void]>([
  ["a connection that stays open", {}, (response) => void response.write(TEXT + STOP + USAGE)],
  [
    "a connection that stays open with comments",
    {},
    (response) => {
      response.write(TEXT + STOP + USAGE);
      ping(response);
    },
  ],
  ["idleMs", { idleMs: 150 }, (response) => void response.write(TEXT + STOP)],
  ["the deadline of the call", { totalMs: 300 }, (response) => void response.write(TEXT + STOP)],
  [
    "a reset",
    {},
    (response) => response.write(TEXT + STOP, () => setImmediate(() => response.socket?.resetAndDestroy())),
  ],
  ["a truncated event", {}, (response) => void response.end(`${TEXT}${STOP}data: {"usage":{"promp`)],
  ["garbage", {}, (response) => void response.end(`${TEXT}${STOP}data: {"usage":{"promp\n\ndata: oops\n\n`)],
  ["a missing line end", {}, (response) => void response.end(TEXT + STOP.trimEnd())],
])("a complete answer is not lost because of %s, and no second request is sent", async (_, timeouts, play) => {
  answer = play;
  await using llm = client();
  const result = await llm.generateText({ prompt: "x", timeouts });
  expect(result).toMatchObject({ text: "Hello", finishReason: "stop", attempts: [{ outcome: "success" }] });
  const stream = llm.streamText({ prompt: "x", timeouts });
  const pieces: string[] = [];
  for await (const piece of stream.textStream) pieces.push(piece);
  expect([pieces.join(""), (await stream.result).finishReason]).toEqual(["Hello", "stop"]);
  expect(requests).toBe(2);
});

it("an answer that continued after its end is not complete at the deadline", async () => {
  answer = (response) => void response.write(TEXT + STOP + TEXT);
  await using llm = client();
  const error: unknown = await llm
    .generateText({ prompt: "x", timeouts: { totalMs: 300 }, maxRetries: 0 })
    .catch((thrown: unknown) => thrown);
  expect(isLLMError(error, "deadline")).toBe(true);
});

it("usage that arrives after the end is read", async () => {
  answer = (response) => {
    response.write(TEXT + STOP);
    const timer = setTimeout(() => response.end(USAGE), 100);
    response.on("close", () => clearTimeout(timer));
  };
  await using llm = client();
  expect((await llm.generateText({ prompt: "x" })).usage).toMatchObject({ inputTokens: 3, outputTokens: 1 });
});
