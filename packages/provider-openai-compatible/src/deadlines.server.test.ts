import { Worker } from "node:worker_threads";
import { createLLMClient, isLLMError } from "@babylon/llm-core";
import { contention, slowness } from "@babylon/llm-testing/vitest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openaiCompatible } from "./index.ts";

const TOTAL_MS = 1_500;

/** Accepts connections and requests and never responds; in a separate thread, so that it does not use the client's time. */
const SILENT_SERVER = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer((socket) => void socket.on("error", () => {}).resume());
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => parentPort.postMessage(server.address().port));
`;

let server: Worker;
let baseURL: string;
beforeAll(async () => {
  server = new Worker(SILENT_SERVER, { eval: true });
  const port = await new Promise((resolve) => server.once("message", resolve));
  baseURL = `http://127.0.0.1:${port}/v1`;
});
afterAll(async () => {
  await server.terminate();
});

const provider = (id: string) =>
  openaiCompatible({ id, name: id, baseURL, apiKey: `key-of-${id}-0123456789`, model: id });

/** Makes a number of concurrent calls on two silent links. Returns how late the last one ended, in milliseconds. */
async function latest(calls: number, maxConcurrency: number | undefined): Promise<number> {
  await using llm = createLLMClient({
    providers: [provider("a"), provider("b")],
    timeouts: { totalMs: TOTAL_MS },
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  });
  // The SDK is loaded here, not inside the first limit.
  await llm.generateText({ prompt: "Warm up.", timeouts: { totalMs: 100 } }).catch(() => {});
  const lateMs = await Promise.all(
    Array.from({ length: calls }, async () => {
      const startedAt = performance.now();
      const error: unknown = await llm.generateText({ prompt: "Is anybody there?" }).catch((thrown: unknown) => thrown);
      if (!isLLMError(error, "deadline") && !isLLMError(error, "all_failed")) throw error;
      return performance.now() - startedAt - TOTAL_MS;
    }),
  );
  return Math.max(...lateMs);
}

// The limits are for two idle cores of the reference machine.
it.each([
  [1_000, undefined, 100],
  [10_000, undefined, 1_000],
  [10_000, Number.POSITIVE_INFINITY, 3_000],
])(
  "%i calls on silent links, maxConcurrency %s: none ends more than %i ms late",
  { retry: 2 },
  async (calls, most, limitMs) => {
    const before = contention();
    const lateMs = await latest(calls, most);
    const slower = Math.max(before, contention()) * slowness();
    console.log(
      `deadlines: ${calls} calls, maxConcurrency ${most ?? "default"}: at most ${Math.round(lateMs)} ms late, on a machine ${slower.toFixed(1)} times slower than the reference machine alone`,
    );
    expect(lateMs).toBeLessThan(limitMs * slower);
  },
);
