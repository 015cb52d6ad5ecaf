import { execFile } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const MB = 1024 * 1024;
/** Twice the default of `maxResponseBytes`. */
const MOST = 128 * MB;
/** The overhead of V8 and the allocator. */
const SLACK = 32 * MB;
/** The size at which the server stops if the client does not. */
const ENDLESS = 2_000 * MB;

const big = "x".repeat(60_000);
const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
const toolCall = (text: string) => ({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: text } }] });
const json = "application/json";
const events = "text/event-stream";

interface Flood {
  readonly transport: "stream" | "json" | "list";
  readonly type: string;
  readonly status?: number;
  readonly first?: string;
  readonly text: string;
  readonly gzip?: true;
  readonly code: string;
}

const tooLarge = { code: "invalid_response" } as const;
const FLOODS: Readonly<Record<string, Flood>> = {
  text: { transport: "stream", type: events, text: chunk({ content: big }), ...tooLarge },
  "small pieces": { transport: "stream", type: events, text: chunk({ content: "ab " }).repeat(300), ...tooLarge },
  reasoning: { transport: "stream", type: events, text: chunk({ reasoning: big }), ...tooLarge },
  arguments: { transport: "stream", type: events, text: chunk(toolCall(big)), ...tooLarge },
  "one line": { transport: "stream", type: events, first: "data: ", text: big, ...tooLarge },
  "empty lines of data": { transport: "stream", type: events, text: "data:\n".repeat(10_000), ...tooLarge },
  JSON: { transport: "json", type: json, first: '{"choices":[{"message":{"content":"', text: big, ...tooLarge },
  "a list of models": { transport: "list", type: json, first: '{"data":[', text: `{"id":"${big}"},`, ...tooLarge },
  "an error": { transport: "json", type: json, status: 500, first: '{"error":{"message":"', text: big, code: "server" },
  "a gzip bomb": { transport: "stream", type: events, text: chunk({ content: big }), gzip: true, ...tooLarge },
  "a gzip bomb of JSON": { transport: "json", type: json, first: '{"choices":"', text: big, gzip: true, ...tooLarge },
  "a gzip bomb of an error": { transport: "json", type: json, status: 500, text: big, gzip: true, code: "server" },
};

let flood: Flood | null = null;
let sent = 0;
let requests = 0;

const listener: RequestListener = async (request, response) => {
  request.resume();
  requests += 1;
  // The first two are warm-up calls.
  if (flood === null || requests <= 2) {
    response.end("{}");
    return;
  }
  const { status = 200, type, first = "", text, gzip } = flood;
  response.writeHead(status, { "content-type": type, ...(gzip ? { "content-encoding": "gzip" } : {}) });
  const out = gzip ? createGzip() : response;
  if (out !== response) out.pipe(response);
  out.on("error", () => {});
  out.write(first);
  for (sent = 0; sent < ENDLESS && !response.closed; sent += text.length) {
    if (out.write(text)) continue;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        out.off("drain", done);
        response.off("close", done);
        resolve();
      };
      out.on("drain", done);
      response.on("close", done);
    });
  }
  out.end();
};

const server = createServer((request, response) => void listener(request, response));
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each(Object.entries(FLOODS))("%s: memory stays within twice the bound", async (_, each) => {
  flood = each;
  requests = 0;
  const program = fileURLToPath(new URL("./flood-client.ts", import.meta.url));
  // A small young generation, so that only retained memory is measured.
  const args = ["--max-semi-space-size=4", program, url, each.transport];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  const { code, growth } = JSON.parse(stdout);
  expect(code).toBe(each.code);
  expect(growth).toBeLessThan(MOST + SLACK);
  expect(sent).toBeLessThan(ENDLESS);
});
