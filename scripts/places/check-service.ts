import assert from "node:assert/strict";
import type { ProviderSimulator } from "@babylon/llm-testing";
import { ADMIN_TOKEN } from "./place.ts";

/** Longer than the duration of the first request of a development server. */
const LIMIT_MS = 90_000;

/** The provider that answers without changes. Its model streams no reasoning, so that a break in the middle interrupts the text. */
const FIRST = "wandb";

/** The service under test. */
export interface TestedService {
  readonly origin: string;
  readonly simulator: ProviderSimulator;
  /** Whether it has the admin routes. */
  readonly hasAdmin?: boolean;
}

/**
 * Checks a service: an answer, as JSON, text stream and events; a provider that breaks off, after which neither stream
 * looks complete; a client that disconnects, after which the provider's connection is closed; and a change by the admin routes, which applies
 * to the next call.
 */
export async function checkService(service: TestedService): Promise<void> {
  const { origin, simulator, hasAdmin = true } = service;

  const post = (path: string, signal?: AbortSignal): Promise<Response> =>
    fetch(origin + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ prompt: "Name a ship." }),
      signal: signal ?? AbortSignal.timeout(LIMIT_MS),
    });

  async function expectAnswer(by: string): Promise<void> {
    const reply = await post("/api/ask");
    const body = await reply.text();
    assert.equal(reply.status, 200, body);
    const { text, provider }: { text: string; provider: string } = JSON.parse(body);
    assert.notEqual(text, "");
    assert.equal(provider, by);
  }

  simulator.reset();
  await expectAnswer(FIRST);
  const chat = await post("/api/chat");
  assert.equal(chat.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.notEqual(await chat.text(), "");
  const events = await post("/api/events");
  assert.match(events.headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.match(await events.text(), /^event: text\n.*\nevent: finish\ndata: [^\n]*\n\n$/ms);

  simulator.setFault(FIRST, { kind: "reset", when: "mid-stream" });
  await assert.rejects(async () => (await post("/api/chat")).text(), "a truncated answer looked complete");
  assert.match(await (await post("/api/events")).text(), /\nevent: error\ndata: .*"code":"interrupted".*\n\n$/);

  simulator.reset();
  simulator.setFault(FIRST, { kind: "stall" });
  const leaving = new AbortController();
  const left = post("/api/chat", leaving.signal).then((reply) => reply.text());
  const { id } = await simulator.waitForRequest(undefined, { timeoutMs: LIMIT_MS });
  leaving.abort();
  await assert.rejects(left);
  await simulator.waitForClosed(id, { timeoutMs: 10_000 });
  simulator.reset();

  if (!hasAdmin) return;
  const admin = (init: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}/api/admin/ai-models`, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
  assert.equal((await admin()).status, 401);
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
  const save = async (order: readonly string[] | null): Promise<void> => {
    const saved = await admin({ method: "PUT", headers, body: JSON.stringify({ patch: { order } }) });
    assert.equal(saved.status, 200, await saved.text());
  };
  await save(["openai"]);
  await expectAnswer("openai");
  await save(null);
  await expectAnswer(FIRST);
}
