import {
  createLLMClient,
  isLLMError,
  type LLMClient,
  type LLMClientOptions,
  type StreamEvent,
} from "@babylon/llm-core";
import type { Fault } from "@babylon/llm-testing";
import { useProviderSimulator } from "@babylon/llm-testing/vitest";
import { afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { defaultProviders } from "../default-providers.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly fullTimings: boolean;
  }
}

/**
 * The sixteen faults of a public crash test of gateways and clients (2026-09), each over HTTP, through the official SDKs. With
 * `FULL_TIMINGS=1` faults last as long as they do out there, and the client has its defaults; else both are shorter.
 */
const isFull = inject("fullTimings");
const TIMES = isFull
  ? { retryAfterMs: 2_000, firstTokenMs: 10_000, slowMs: 8_000, tooSlowMs: 12_000, idleMs: 10_000, outageMs: 30_000 }
  : { retryAfterMs: 80, firstTokenMs: 200, slowMs: 50, tooSlowMs: 400, idleMs: 150, outageMs: 600 };
/** The maximum time until a recovered link is used again: one cool-down of the breaker. */
const BACK_WITHIN_MS = 11_000;
vi.setConfig({ testTimeout: isFull ? 120_000 : 20_000 });

const bed = useProviderSimulator();
const prompt = "What is new at the harbour?";
const clients: LLMClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((llm) => llm.close())));

const SHORT = { firstTokenMs: 5_000, idleMs: TIMES.idleMs };
/** Limits shorter than the defaults, except with full timings. */
const limits = (timeouts: LLMClientOptions["timeouts"]): Partial<LLMClientOptions> => (isFull ? {} : { timeouts });

function client(options: Partial<LLMClientOptions> = {}): LLMClient {
  const llm = createLLMClient({
    providers: defaultProviders(),
    env: { ...bed.env },
    recorders: [bed.recorder],
    ...(isFull ? {} : { retry: { baseDelayMs: 20 }, timeouts: SHORT }),
    ...options,
  });
  clients.push(llm);
  return llm;
}

const askedProviders = (): string[] => bed.simulator.requests.map(({ provider }) => provider);

async function eventsOf(stream: AsyncIterable<StreamEvent>): Promise<{ events: StreamEvent[]; error: unknown }> {
  const events: StreamEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** The text of an answer without a fault, for comparison. */
let healthy = "";
beforeAll(async () => {
  const llm = createLLMClient({ providers: defaultProviders(), env: { ...bed.env }, recorders: [bed.recorder] });
  for (const provider of ["claude", "openai", "groq"]) await llm.generateText({ prompt, provider });
  healthy = (await llm.generateText({ prompt, provider: "groq" })).text;
});

const once = { times: 1 };

describe("rate limits", () => {
  it("1: a 429 with Retry-After is retried after the wait", async () => {
    bed.simulator.setFault(
      "wandb",
      { kind: "status", status: 429, headers: { "retry-after": null, "retry-after-ms": `${TIMES.retryAfterMs}` } },
      once,
    );
    const result = await client().generateText({ prompt });
    expect([result.provider, askedProviders()]).toEqual(["wandb", ["wandb", "wandb"]]);
    const [first, second] = bed.simulator.requests;
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(TIMES.retryAfterMs - 1);
  });

  it("1b: a 429 with a long Retry-After falls back at once, and the link rests", async () => {
    bed.simulator.setFault("wandb", { kind: "status", status: 429, headers: { "retry-after": "600" } });
    const llm = client();
    expect((await llm.generateText({ prompt })).provider).toBe("groq");
    expect((await llm.generateText({ prompt })).attempts).toHaveLength(1);
    expect(askedProviders()).toEqual(["wandb", "groq", "groq"]);
    expect(llm.health()[0]).toMatchObject({ provider: "wandb", state: "resting", code: "rate_limit" });
  });

  it("2: a 429 without Retry-After is retried with backoff", async () => {
    bed.simulator.setFault("wandb", { kind: "status", status: 429, headers: { "retry-after": null } }, once);
    const result = await client().generateText({ prompt });
    expect([result.provider, askedProviders()]).toEqual(["wandb", ["wandb", "wandb"]]);
  });
});

describe("errors", () => {
  it("3: 500 once is retried", async () => {
    bed.simulator.setFault("wandb", { kind: "status", status: 500 }, once);
    const result = await client().generateText({ prompt });
    expect([result.provider, askedProviders()]).toEqual(["wandb", ["wandb", "wandb"]]);
  });

  it("4: a permanent 503 falls back after its retry", async () => {
    bed.simulator.setFault("wandb", { kind: "status", status: 503 });
    const result = await client().generateText({ prompt });
    expect([result.provider, askedProviders()]).toEqual(["groq", ["wandb", "wandb", "groq"]]);
  });

  it("5: a reset is retried once without a wait", async () => {
    bed.simulator.setFault("wandb", { kind: "reset", when: "before-headers" });
    const result = await client().generateText({ prompt });
    expect([result.provider, askedProviders()]).toEqual(["groq", ["wandb", "wandb", "groq"]]);
  });
});

describe("silence", () => {
  it("6: a provider that never answers times out at its first-part limit", async () => {
    bed.simulator.setFault("wandb", { kind: "hang" });
    const result = await client(limits({ firstTokenMs: TIMES.firstTokenMs })).generateText({ prompt });
    expect(result.provider).toBe("groq");
    expect(result.attempts[0]).toMatchObject({ error: { code: "timeout" } });
    expect(result.attempts[0]?.durationMs).toBeGreaterThanOrEqual(TIMES.firstTokenMs - 1);
    expect(result.attempts[0]?.durationMs).toBeLessThan(TIMES.firstTokenMs + 200);
  });

  it("7: a slow first token within the limit is accepted, beyond it the call falls back", async () => {
    bed.simulator.setFault("wandb", { kind: "slow", delayMs: TIMES.slowMs });
    expect((await client().generateText({ prompt })).provider).toBe("wandb");
    bed.simulator.setFault("wandb", { kind: "slow", delayMs: TIMES.tooSlowMs });
    expect((await client(limits({ firstTokenMs: 60 })).generateText({ prompt })).provider).toBe("groq");
  });
});

describe("streams that break", () => {
  const CUTS: readonly [string, Fault][] = [
    ["8: cut", { kind: "truncate", afterParts: 2 }],
    ["9: stalled", { kind: "stall", afterParts: 2 }],
    ["10: with a malformed event", { kind: "malformed", afterParts: 2 }],
  ];

  describe.each(CUTS)("%s", (_, fault) => {
    it("before a part was emitted: an invisible fallback", async () => {
      bed.simulator.setFault("wandb", fault);
      expect(await client().generateText({ prompt })).toMatchObject({ provider: "groq", text: healthy });
    });

    it('"throw" fails with the partial text', async () => {
      bed.simulator.setFault("wandb", fault);
      const { events, error } = await eventsOf(client().streamText({ prompt }));
      if (!isLLMError(error, "interrupted")) throw error;
      const shown = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
      expect(error.partialText).toBe(shown);
      expect(shown).not.toBe("");
      expect(askedProviders()).toEqual(["wandb"]);
    });

    it('"restart" takes back what was shown and gives a whole answer', async () => {
      bed.simulator.setFault("wandb", fault, { times: 2 });
      const { events, error } = await eventsOf(
        client({ retry: { maxRetries: 0 } }).streamText({ prompt, onInterrupted: "restart" }),
      );
      expect(error).toBeUndefined();
      const at = events.findIndex(({ type }) => type === "restart");
      const after = events.slice(at).flatMap((event) => (event.type === "text" ? [event.text] : []));
      expect(events[at]).toMatchObject({ from: { provider: "wandb" }, to: { provider: "groq" } });
      expect(after.join("")).toBe(healthy);
      expect(events.at(-1)).toMatchObject({ type: "finish", result: { text: healthy, provider: "groq" } });
    });
  });

  it("11: an answer without only its end marker is complete without a wait", async () => {
    for (const provider of ["wandb", "claude"] as const) {
      bed.simulator.setFault(provider, { kind: "no-done" });
      const result = await client().generateText({ prompt, provider });
      expect([result.provider, result.finishReason, result.attempts.length]).toEqual([provider, "stop", 1]);
      expect(result.durationMs).toBeLessThan(2_000);
    }
  });
});

describe("rejected requests", () => {
  it("12: a prompt that is too long falls back without a retry", async () => {
    const body = {
      error: {
        message: "This model's maximum context length is 8192 tokens.",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      },
    };
    bed.simulator.setFault("wandb", { kind: "status", status: 400, body });
    const result = await client().generateText({ prompt });
    expect(result.attempts.map(({ error }) => error?.code)).toEqual(["context_length", undefined]);
    expect(askedProviders()).toEqual(["wandb", "groq"]);
  });

  it("13: a content filter fails the call, except with fallbackOnContentFilter", async () => {
    bed.simulator.setFault("wandb", { kind: "answer", text: "", finishReason: "content-filter" });
    await expect(client().generateText({ prompt })).rejects.toMatchObject({
      code: "content_filter",
      provider: "wandb",
    });
    expect(askedProviders()).toEqual(["wandb"]);
    expect((await client().generateText({ prompt, fallbackOnContentFilter: true })).provider).toBe("groq");
  });

  it("14: a link that rejects an assistant prefill is asked again without it", async () => {
    bed.simulator.setFault("wandb", { kind: "truncate", afterParts: 2 });
    const refusal = {
      type: "error",
      error: { type: "invalid_request_error", message: "This model does not support assistant message prefill." },
    };
    bed.simulator.setFault("claude", { kind: "status", status: 400, body: refusal }, once);
    const llm = client({
      settings: { order: ["wandb", "claude"], providers: {}, agents: {} },
      retry: { maxRetries: 0 },
    });
    const { events, error } = await eventsOf(
      llm.streamText({ prompt, onInterrupted: "continue", models: { claude: "claude-haiku-4-5" } }),
    );
    expect(error).toBeUndefined();
    expect(askedProviders()).toEqual(["wandb", "claude", "claude"]);
    expect(events.filter(({ type }) => type === "restart")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "finish", result: { provider: "claude", seams: [] } });
  });

  it("14b: a link that accepts it continues the text, and seams has the position", async () => {
    bed.simulator.setFault("wandb", { kind: "truncate", afterParts: 2 });
    const llm = client({
      settings: { order: ["wandb", "claude"], providers: {}, agents: {} },
      retry: { maxRetries: 0 },
    });
    const { events } = await eventsOf(
      llm.streamText({ prompt, onInterrupted: "continue", models: { claude: "claude-haiku-4-5" } }),
    );
    const shown = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
    const last = events.at(-1);
    if (last?.type !== "finish") throw new Error("no finish");
    expect(last.result.text).toBe(shown);
    expect(last.result.seams).toMatchObject([{ from: { provider: "wandb" }, to: { provider: "claude" } }]);
    expect(events.some(({ type }) => type === "restart")).toBe(false);
  });
});

it("15: a provider with an outage is skipped, probed, and used again", async () => {
  bed.simulator.setFault("wandb", { kind: "status", status: 503 });
  const llm = client({
    retry: { maxRetries: 0 },
    ...(isFull ? {} : { breaker: { consecutiveFailures: 3, coolDownMs: 300, maxCoolDownMs: 300 } }),
  });
  const until = performance.now() + TIMES.outageMs;
  let calls = 0;
  while (performance.now() < until) {
    calls += 1;
    expect((await llm.generateText({ prompt })).provider).toBe("groq");
    await new Promise((resolve) => setTimeout(resolve, TIMES.outageMs / 100));
  }
  const whileDown = askedProviders().filter((provider) => provider === "wandb").length;
  expect(whileDown).toBeGreaterThanOrEqual(3);
  expect(whileDown).toBeLessThan(calls / 2);

  bed.simulator.setFault("wandb", null);
  const isBack = async (): Promise<void> => expect((await llm.generateText({ prompt })).provider).toBe("wandb");
  await vi.waitFor(isBack, { timeout: BACK_WITHIN_MS, interval: 50 });
  await isBack();
  expect((await llm.plan()).links[0]).toMatchObject({ provider: "wandb" });
});

it("16: every request is an attempt, known tokens are counted, unknown ones are null", async () => {
  const records: unknown[] = [];
  const llm = client({ recorders: [bed.recorder, (record) => void records.push(record)] });
  const clean = await llm.generateText({ prompt });
  expect(clean.totalUsage).toEqual(clean.usage);
  expect(clean.usage.inputTokens).toBeGreaterThan(0);

  bed.simulator.setFault("wandb", { kind: "hang" });
  const rescued = await llm.generateText({ prompt, ...(isFull ? {} : { timeouts: { firstTokenMs: 100 } }) });
  expect(rescued.usage.outputTokens).toBeGreaterThan(0);
  expect(rescued.attempts[0]).not.toHaveProperty("usage");
  expect(rescued.totalUsage).toEqual({
    inputTokens: null,
    outputTokens: null,
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: null,
  });
  await llm.close();
  expect(records).toHaveLength(2);
});
