import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CallRecord, createLLMClient } from "@babylon/llm-core";
import { openai } from "@babylon/provider-openai";
import { afterEach, expect, it } from "vitest";

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  server = null;
});

const ANSWER = JSON.stringify({
  id: "r",
  model: "gpt-6-luna",
  choices: [{ message: { role: "assistant", content: "Yes." }, finish_reason: "stop" }],
});

it("no call fails with a server that resets reused connections, and each request is an attempt", async () => {
  let requests = 0;
  const used = new WeakSet<object>();
  server = createServer((req, res) => {
    req.resume().once("end", () => {
      requests += 1;
      if (used.has(req.socket)) req.socket.resetAndDestroy();
      else res.setHeader("content-type", "application/json").end(ANSWER);
      used.add(req.socket);
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  const records: CallRecord[] = [];
  const llm = createLLMClient({
    providers: [openai({ apiKey: "key-of-the-test", baseURL: `http://127.0.0.1:${port}/v1` })],
    retry: { baseDelayMs: 1 },
    // The breaker would count the resets as an outage.
    breaker: { consecutiveFailures: 1_000, minimumCalls: 1_000 },
    recorders: [(record) => void records.push(record)],
  });
  for (let call = 0; call < 40; call += 1) {
    expect((await llm.generateText({ prompt: "Hi", transport: "json" })).text).toBe("Yes.");
  }
  await llm.close();
  expect(records).toHaveLength(40);
  expect(records.flatMap(({ attempts }) => attempts)).toHaveLength(requests);
  expect(requests).toBeGreaterThan(50);
});
