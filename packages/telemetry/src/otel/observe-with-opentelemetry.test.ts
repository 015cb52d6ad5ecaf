import {
  type CallObserver,
  createLLMClient,
  type LLMClient,
  type LLMClientOptions,
  LLMError,
  type Provider,
} from "@babylon/llm-core";
import { createFakeClock, fixedPricer, type MockStep, mockProvider } from "@babylon/llm-testing";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { type ReadableSpan, type Sampler, SamplingDecision, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { createMetrics } from "../metrics/create-metrics.ts";
import { createTraceBench, type TraceBench, useAsyncContext } from "../test-support/trace-bench.ts";
import { type OpenTelemetryOptions, observeWithOpenTelemetry } from "./observe-with-opentelemetry.ts";

const asyncContext = useAsyncContext();
const SECRET = "sk-live-0123456789abcdef";
const ask = { prompt: "a secret prompt" };
const down = (): LLMError => new LLMError({ code: "server", message: `down: ${ask.prompt}`, status: 503 });

interface Bench extends TraceBench {
  readonly llm: LLMClient;
  calls(): readonly ReadableSpan[];
  attempts(): readonly ReadableSpan[];
  /** Runs in the context of a span of the caller's, which ends afterwards. */
  inSpan<T>(name: string, run: () => Promise<T>): Promise<T>;
}

type Steps = readonly MockStep[] | MockStep | Provider;

const toProvider = (id: string, steps: Steps): Provider =>
  "spec" in steps ? steps : mockProvider({ id, steps: Array.isArray(steps) ? steps : [steps as MockStep] });

let used: Bench[] = [];

function bench(
  steps: Readonly<Record<string, Steps>>,
  { otel = {}, ...options }: Partial<LLMClientOptions> & { otel?: OpenTelemetryOptions } = {},
): Bench {
  const traces = createTraceBench(asyncContext);
  const { tracerProvider, meterProvider } = traces;
  const metrics = createMetrics({ agents: ["chat"] });
  const observer = observeWithOpenTelemetry({ metrics, tracerProvider, meterProvider, ...otel });
  const llm = createLLMClient({
    providers: Object.entries(steps).map(([id, script]) => toProvider(id, script)),
    random: () => 0,
    env: { A_API_KEY: SECRET },
    logger: { debug() {}, info() {}, warn() {}, error: (message) => expect.fail(message) },
    ...options,
    observers: [observer, ...(options.observers ?? [])],
    recorders: [metrics.recorder],
  });
  const named = (name: string) => traces.spans().filter((span) => span.name.startsWith(name));
  const made: Bench = {
    ...traces,
    llm,
    calls: () => named("llm call"),
    attempts: () => named("chat "),
    async inSpan(name, run) {
      const tracer = tracerProvider.getTracer("the application");
      const span = tracer.startSpan(name);
      try {
        return await context.with(trace.setSpan(context.active(), span), run);
      } finally {
        expect(span.isRecording()).toBe(true);
        span.end();
      }
    },
  };
  used.push(made);
  return made;
}

/** Nothing is open, ended twice or written after its end; model, usage and cost are on attempts alone. */
afterEach(async () => {
  for (const { llm, counts, spans, complaints } of used) {
    await llm.close();
    const { begun, ended } = counts();
    expect(ended).toBe(begun);
    expect(spans().length).toBe(ended);
    expect(complaints).toEqual([]);
    for (const { kind, attributes } of spans()) {
      const names = Object.keys(attributes).filter((name) => name.startsWith("gen_ai."));
      if (kind !== SpanKind.CLIENT) expect(names).toEqual([]);
    }
  }
  used = [];
});

const idOf = (span: ReadableSpan | undefined): string => span?.spanContext().spanId ?? "no span";
const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId;
const byName = (made: Bench, name: string) => made.spans().find((span) => span.name === name);

describe("the spans of a call", () => {
  it("are one INTERNAL one, and a CLIENT one for each attempt", async () => {
    const made = bench({ a: { error: down }, b: {} });
    await made.llm.generateText({ ...ask, agent: "chat", purpose: "greet", tenant: "t1", callId: "c1", maxRetries: 0 });
    const [call] = made.calls();
    expect(call).toMatchObject({ kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
    expect(call?.attributes).toEqual({
      "babylon.call.id": "c1",
      "babylon.agent": "chat",
      "babylon.purpose": "greet",
      "babylon.tenant": "t1",
      "babylon.call.outcome": "success",
      "babylon.call.attempts": 2,
      "babylon.call.provider": "b",
    });
    expect(made.attempts().map(({ name, kind, status }) => [name, kind, status])).toEqual([
      ["chat a-model", SpanKind.CLIENT, { code: SpanStatusCode.ERROR }],
      ["chat b-model", SpanKind.CLIENT, { code: SpanStatusCode.UNSET }],
    ]);
    expect(made.attempts().map(parentOf)).toEqual([idOf(call), idOf(call)]);
  });

  it("have the attributes of the conventions", async () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 40,
      cacheWriteInputTokens: 30,
      longCacheWriteInputTokens: null,
      reasoningTokens: 20,
    };
    const served = { responseId: "r1", responseModel: "a-model-0613", serviceTier: "flex", region: "eu" };
    const pricer = fixedPricer(1_234_567);
    const made = bench({ claude: { usage, served } }, { pricer });
    const options = { temperature: 0.5, topP: 0.9, maxOutputTokens: 99, stopSequences: ["x"], seed: 7 };
    const unit = { session: "s1" };
    await made.llm.generateText({ ...ask, ...options, reasoningEffort: "low", unit });
    const [attempt] = made.attempts();
    expect(attempt?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.request.model": "claude-model",
      "gen_ai.request.stream": true,
      "gen_ai.conversation.id": "s1",
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.top_p": 0.9,
      "gen_ai.request.max_tokens": 99,
      "gen_ai.request.stop_sequences": ["x"],
      "gen_ai.request.seed": 7,
      "gen_ai.response.id": "r1",
      "gen_ai.response.model": "a-model-0613",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 50,
      "gen_ai.usage.cache_read.input_tokens": 40,
      "gen_ai.usage.cache_write.input_tokens": 30,
      "gen_ai.usage.reasoning.output_tokens": 20,
      "gen_ai.usage.cost.amount": 0.001_234_567,
      "gen_ai.usage.cost.currency": "USD",
      "gen_ai.usage.cost.source": "local",
      "babylon.attempt.number": 1,
      "babylon.attempt.kind": "first",
      "babylon.attempt.outcome": "success",
    });
    expect(attempt?.attributes).not.toHaveProperty("gen_ai.usage.cache_creation.input_tokens");
  });

  it("name the server: at the end of the first attempt, from then on at its creation, where a sampler sees it", async () => {
    const mock = mockProvider({ id: "a" });
    const reporting: Provider = {
      ...mock,
      async *stream(request, context) {
        context.report?.({ endpoint: "https://a.example:8443/v1" });
        yield* mock.stream(request, { ...context, report: undefined });
      },
    };
    const sampled: unknown[] = [];
    const sampler = {
      shouldSample(...[, , name, , attributes]: Parameters<Sampler["shouldSample"]>) {
        if (name.startsWith("chat ")) sampled.push(attributes["server.address"], attributes["server.port"]);
        return { decision: SamplingDecision.RECORD_AND_SAMPLED };
      },
      toString: () => "recording",
    };
    const made = bench({ a: reporting }, { otel: { tracerProvider: new TracerProvider({ sampler }) } });
    await made.llm.generateText(ask);
    await made.llm.generateText(ask);
    expect(sampled).toEqual([undefined, undefined, "a.example", 8443]);
    const plain = bench({ a: reporting });
    await plain.llm.generateText(ask);
    await plain.llm.generateText(ask);
    const server = { "server.address": "a.example", "server.port": 8443 };
    expect(plain.attempts().map(({ attributes }) => attributes)).toMatchObject([server, server]);
  });

  it("of a JSON request state neither a stream nor a first chunk; an unknown number is absent", async () => {
    const made = bench({ a: { usage: null } });
    await made.llm.generateText({ ...ask, transport: "json" });
    const names = Object.keys(made.attempts()[0]?.attributes ?? {});
    expect(names).not.toContain("gen_ai.request.stream");
    expect(names).not.toContain("gen_ai.output.type");
    expect(names).not.toContain("gen_ai.response.time_to_first_chunk");
    expect(names.filter((name) => /usage/.test(name))).toEqual([]);
  });

  it("of a request for an object state the type of the output", async () => {
    const made = bench({ a: { text: "{}" } });
    await made.llm.generateText({ ...ask, responseFormat: { type: "json" } });
    expect(made.attempts()[0]?.attributes["gen_ai.output.type"]).toBe("json");
  });

  it("of a request that was not sent say so", async () => {
    const refused = () => new LLMError({ code: "network", message: "refused" });
    const made = bench({ a: { error: refused, sent: false }, b: {} });
    await made.llm.generateText({ ...ask, maxRetries: 0 });
    expect(made.attempts().map(({ attributes }) => attributes["babylon.attempt.sent"])).toEqual([false, undefined]);
  });

  it.each<["genai-0.1" | "1.41" | "both", boolean, boolean]>([
    ["genai-0.1", true, false],
    ["1.41", false, true],
    ["both", true, true],
  ])("by the names %s", async (names, current, old) => {
    const usage = {
      inputTokens: 10,
      outputTokens: 5,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 3,
      longCacheWriteInputTokens: 0,
      reasoningTokens: 0,
    };
    const made = bench({ a: { usage } }, { otel: { names } });
    await made.llm.generateText(ask);
    await made.llm.close();
    const attributes = made.attempts()[0]?.attributes ?? {};
    expect("gen_ai.usage.cache_write.input_tokens" in attributes).toBe(current);
    expect("gen_ai.usage.cache_creation.input_tokens" in attributes).toBe(old);
    const metricNames = await made.metricNames();
    for (const name of ["duration", "time_to_first_chunk", "usage.input_tokens", "usage.cache_write.input_tokens"]) {
      expect(metricNames.includes(`gen_ai.client.inference.${name}`)).toBe(current);
    }
    for (const name of ["operation.duration", "operation.time_to_first_chunk", "token.usage"]) {
      expect(metricNames.includes(`gen_ai.client.${name}`)).toBe(old);
    }
  });
});

describe("how a call ends", () => {
  it("failed: an error with our code, and no message, which may quote the prompt", async () => {
    const made = bench({ a: { error: down } });
    await expect(made.llm.generateText({ ...ask, maxRetries: 0 })).rejects.toThrow();
    expect(made.calls()[0]?.attributes).toMatchObject({ "babylon.call.outcome": "failed", "error.type": "server" });
    expect(made.attempts()[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "server", "http.response.status_code": 503 },
    });
  });

  it("aborted: not like one that was served", async () => {
    const made = bench({ a: { hang: true } });
    const controller = new AbortController();
    const call = made.llm.generateText({ ...ask, abortSignal: controller.signal });
    await new Promise(setImmediate);
    controller.abort();
    await expect(call).rejects.toThrow();
    for (const span of [...made.calls(), ...made.attempts()]) {
      expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": "aborted" } });
    }
    expect(made.attempts().length).toBe(1);
  });

  it("a stream that is left ends its spans; one that is never read begins none", async () => {
    const made = bench({ a: { text: ["one ", "two ", "three"] } });
    for await (const _ of made.llm.streamText(ask)) break;
    made.llm.streamText(ask);
    await made.llm.close();
    expect(made.calls().map(({ attributes }) => attributes["babylon.call.outcome"])).toEqual(["aborted"]);
    expect(made.counts()).toEqual({ begun: 2, ended: 2 });
  });

  it("a stream that breaks off", async () => {
    const made = bench({ a: { text: ["one ", "two"], error: down, failAfter: 1 } });
    await expect(made.llm.streamText({ ...ask, maxRetries: 0 }).result).rejects.toThrow();
    expect(made.attempts()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
  });
});

async function hedged(made: Bench, clock: ReturnType<typeof createFakeClock>) {
  for (let at = 0; at < 10; at += 1) await made.llm.generateText(ask);
  const call = made.inSpan("request", () => made.llm.generateText({ ...ask, hedge: { minDelayMs: 100 } }));
  await clock.advance(200);
  return call;
}

it("an attempt that lost to a hedge is canceled, and no error", async () => {
  const clock = createFakeClock();
  const quick = Array.from({ length: 10 }, () => ({}));
  const made = bench({ a: [...quick, { hang: true }], b: {} }, { clock });
  expect((await hedged(made, clock)).provider).toBe("b");
  const [winner, loser] = made
    .attempts()
    .slice(10)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .reverse();
  expect(loser).toMatchObject({ name: "chat a-model", status: { code: SpanStatusCode.UNSET } });
  expect(loser?.attributes).toMatchObject({ "babylon.attempt.outcome": "cancelled", "babylon.attempt.kind": "first" });
  expect(loser?.attributes).not.toHaveProperty("error.type");
  expect(winner?.attributes).toMatchObject({ "babylon.attempt.outcome": "success", "babylon.attempt.kind": "hedge" });
  expect(await made.total("gen_ai.client.inference.duration", { "error.type": "cancelled" })).toBe(1);
});

describe("the parent is right:", () => {
  /** A provider that records the span that is active where its request is sent, as an HTTP client's instrumentation does. */
  function sending(id: string, steps: MockStep | readonly MockStep[], sent: string[]): Provider {
    const note = (): void => void sent.push(trace.getSpan(context.active())?.spanContext().spanId ?? "none");
    const mock = mockProvider({ id, steps: Array.isArray(steps) ? steps : [steps as MockStep] });
    return {
      ...mock,
      generate(request, with_) {
        note();
        return mock.generate(request, with_);
      },
      stream(request, with_) {
        note();
        return mock.stream(request, with_);
      },
    };
  }

  it.each(["stream", "json"] as const)("plain, by %s: request > call > attempt > HTTP", async (transport) => {
    const sent: string[] = [];
    const made = bench({ a: sending("a", {}, sent) });
    await made.inSpan("request", () => made.llm.generateText({ ...ask, transport }));
    expect(parentOf(made.calls()[0])).toBe(idOf(byName(made, "request")));
    expect(parentOf(made.attempts()[0])).toBe(idOf(made.calls()[0]));
    expect(sent).toEqual(made.attempts().map(idOf));
  });

  it("without a span of the caller's: a trace of its own", async () => {
    const made = bench({ a: {} });
    await made.llm.generateText(ask);
    expect(parentOf(made.calls()[0])).toBeUndefined();
  });

  it("of calls at the same time", async () => {
    const made = bench({ a: { delayMs: 1 } });
    const names = Array.from({ length: 20 }, (_, at) => `request-${at}`);
    await Promise.all(names.map((name) => made.inSpan(name, () => made.llm.generateText({ ...ask, callId: name }))));
    for (const name of names) {
      const call = made.calls().find(({ attributes }) => attributes["babylon.call.id"] === name);
      expect(parentOf(call)).toBe(idOf(byName(made, name)));
    }
  });

  it("queued behind other calls", async () => {
    const sent: string[] = [];
    const made = bench({ a: sending("a", { delayMs: 1 }, sent) }, { maxConcurrency: 1 });
    const names = ["request-1", "request-2", "request-3"];
    await Promise.all(names.map((name) => made.inSpan(name, () => made.llm.generateText({ ...ask, callId: name }))));
    for (const name of names) {
      const call = made.calls().find(({ attributes }) => attributes["babylon.call.id"] === name);
      expect(parentOf(call)).toBe(idOf(byName(made, name)));
      expect(made.attempts().filter((attempt) => parentOf(attempt) === idOf(call)).length).toBe(1);
    }
    expect(sent.toSorted()).toEqual(made.attempts().map(idOf).toSorted());
  });

  it("hedged", async () => {
    const clock = createFakeClock();
    const sent: string[] = [];
    const quick = Array.from({ length: 10 }, () => ({}));
    const made = bench({ a: sending("a", [...quick, { hang: true }], sent), b: sending("b", {}, sent) }, { clock });
    await hedged(made, clock);
    const call = made.calls().at(-1);
    expect(parentOf(call)).toBe(idOf(byName(made, "request")));
    const two = made.attempts().filter((attempt) => parentOf(attempt) === idOf(call));
    expect(two.map(idOf).toSorted()).toEqual(sent.slice(10).toSorted());
  });

  it("a stream that is read elsewhere: where streamText was called", async () => {
    const sent: string[] = [];
    const made = bench({ a: sending("a", {}, sent) });
    const stream = await made.inSpan("request", async () => ({ lazy: made.llm.streamText(ask) }));
    await made.inSpan("reader", () => stream.lazy.result);
    expect(parentOf(made.calls()[0])).toBe(idOf(byName(made, "request")));
    expect(sent).toEqual(made.attempts().map(idOf));
  });

  it("what the reader does while it reads is not a child of the call", async () => {
    const made = bench({ a: { text: ["one ", "two"] } });
    await made.inSpan("request", async () => {
      for await (const _ of made.llm.streamText(ask)) {
        made.tracerProvider.getTracer("x").startSpan("work").end();
      }
    });
    expect(parentOf(byName(made, "work"))).toBe(idOf(byName(made, "request")));
  });

  it("a call that joins another one has no attempt, and a link to it", async () => {
    const made = bench({ a: { delayMs: 1 } });
    const join = (name: string) =>
      made.inSpan(name, () => made.llm.generateText({ ...ask, coalesce: true, callId: name }));
    await Promise.all([join("request-1"), join("request-2")]);
    const callOf = (name: string) => made.calls().find(({ attributes }) => attributes["babylon.call.id"] === name);
    const [first, second] = [callOf("request-1"), callOf("request-2")];
    expect(parentOf(second)).toBe(idOf(byName(made, "request-2")));
    expect(second?.links.map((link) => link.context.spanId)).toEqual([idOf(first)]);
    expect(first?.links).toEqual([]);
    expect(made.attempts().map(parentOf)).toEqual([idOf(first)]);
    expect(second?.attributes["babylon.call.attempts"]).toBe(0);
  });

  it("restarted: an event on the call, and the second attempt under the same call", async () => {
    const broken = { text: ["It was ", "a night."], error: down, failAfter: 1 };
    const made = bench({ a: broken, b: { text: "Once." } });
    const stream = made.llm.streamText({ ...ask, onInterrupted: "restart", maxRetries: 0 });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toContain("restart");
    const [call] = made.calls();
    expect(call?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        "babylon.restart",
        {
          "babylon.from.provider": "a",
          "babylon.from.model": "a-model",
          "babylon.to.provider": "b",
          "babylon.to.model": "b-model",
          "babylon.discarded_chars": 7,
        },
      ],
    ]);
    expect(made.attempts().map(parentOf)).toEqual([idOf(call), idOf(call)]);
  });

  it("continued: an event on the call", async () => {
    const broken = { text: ["It was ", "a night."], error: down, failAfter: 1 };
    const made = bench({ a: broken, b: { text: "a night." } });
    for await (const _ of made.llm.streamText({ ...ask, onInterrupted: "continue", maxRetries: 0 }));
    expect(made.calls()[0]?.events.map(({ name }) => name)).toEqual(["babylon.continue"]);
    expect(made.attempts()[1]?.attributes).toMatchObject({ "babylon.attempt.kind": "continue" });
  });

  it("a call of a second client inside a provider of the first is a child of that attempt", async () => {
    const inner = bench({ b: {} });
    const outer: Provider = {
      ...mockProvider({ id: "a" }),
      async generate(request, with_) {
        await inner.llm.generateText(ask);
        return mockProvider({ id: "a" }).generate(request, with_);
      },
    };
    const made = bench({ a: outer });
    await made.llm.generateText({ ...ask, transport: "json" });
    expect(parentOf(inner.calls()[0])).toBe(idOf(made.attempts()[0]));
  });
});

describe("content", () => {
  const tools = { look: { description: "Looks.", inputSchema: { type: "object" } } } as const;
  const messages = [
    { role: "system", content: "the secret instructions" },
    { role: "user", content: [{ type: "text", text: "the secret question" }] },
    {
      role: "user",
      content: [
        { type: "image", data: "AAAA", mediaType: "image/png" },
        { type: "image", url: "https://example.com/x.png" },
      ],
    },
  ] as const;
  const step = {
    text: "the secret answer",
    reasoning: "the secret thought",
    toolCalls: [{ id: "1", name: "look", input: { at: 1 } }],
  };

  it("is in no span and no metric unless it is asked for, and a key never", async () => {
    for (const content of ["none", "all"] as const) {
      const made = bench({ a: [{ error: down }, step] }, { otel: { content } });
      await made.llm.generateText({ messages, tools });
      const spans = JSON.stringify(
        made
          .spans()
          .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
      );
      expect(spans.includes("secret")).toBe(content === "all");
      expect(spans).not.toContain(SECRET);
      for (const name of await made.metricNames()) {
        expect(JSON.stringify((await made.metric(name))?.dataPoints)).not.toContain("secret");
      }
    }
  });

  it("is shaped as the conventions say", async () => {
    const made = bench({ a: step }, { otel: { content: "all" } });
    await made.llm.generateText({ messages, tools });
    const parsed = Object.fromEntries(
      Object.entries(made.attempts()[0]?.attributes ?? {})
        .filter(([name]) => /messages|instructions|definitions/.test(name))
        .map(([name, value]) => [name, JSON.parse(String(value))]),
    );
    expect(parsed).toEqual({
      "gen_ai.input.messages": [
        { role: "user", parts: [{ type: "text", content: "the secret question" }] },
        {
          role: "user",
          parts: [
            { type: "blob", modality: "image", mime_type: "image/png" },
            { type: "uri", modality: "image", uri: "https://example.com/x.png" },
          ],
        },
      ],
      "gen_ai.system_instructions": [{ type: "text", content: "the secret instructions" }],
      "gen_ai.tool.definitions": [
        { type: "function", name: "look", description: "Looks.", parameters: { type: "object" } },
      ],
      "gen_ai.output.messages": [
        {
          role: "assistant",
          finish_reason: "tool_call",
          parts: [
            { type: "reasoning", content: "the secret thought" },
            { type: "text", content: "the secret answer" },
            { type: "tool_call", id: "1", name: "look", arguments: { at: 1 } },
          ],
        },
      ],
    });
  });
});

describe("metrics", () => {
  it("count what the aggregator has", async () => {
    const pricer = fixedPricer(2_000_000_000);
    const made = bench({ a: [{ error: down }, {}, {}] }, { pricer });
    await made.llm.generateText({ ...ask, agent: "chat" });
    await made.llm.generateText({ ...ask, agent: "somebody" });
    await made.llm.close();
    expect(await made.total("gen_ai.client.inference.usage.input_tokens", { "gen_ai.token.modality": "text" })).toBe(
      20,
    );
    expect(await made.total("gen_ai.client.inference.usage.output_tokens")).toBe(10);
    expect(await made.total("babylon.attempts")).toBe(3);
    expect(await made.total("babylon.attempts", { "error.type": "server" })).toBe(1);
    expect(await made.total("babylon.calls", { "babylon.call.rescued": true })).toBe(1);
    expect(await made.total("babylon.calls", { "babylon.agent": "other" })).toBe(1);
    expect(await made.total("babylon.cost", { "babylon.cost.known": true })).toBe(6);
    expect(await made.total("gen_ai.client.inference.duration")).toBe(3);
    expect(await made.total("gen_ai.client.inference.time_to_first_chunk")).toBe(2);
    // Read again: observed values are totals, not increments.
    expect(await made.total("babylon.attempts")).toBe(3);
  });

  it("have the edges of the conventions", async () => {
    const made = bench({ a: {} });
    await made.llm.generateText(ask);
    const data = await made.metric("gen_ai.client.inference.duration");
    const [point] = data?.dataPoints ?? [];
    expect(point?.value).toMatchObject({
      buckets: { boundaries: Array.from({ length: 14 }, (_, at) => 0.01 * 2 ** at) },
    });
  });

  it("audio tokens are a modality of their own", async () => {
    const usage = {
      inputTokens: 10,
      outputTokens: 5,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      longCacheWriteInputTokens: 0,
      reasoningTokens: 0,
      extras: { audioInputTokens: 4 },
    };
    const made = bench({ a: { usage } });
    await made.llm.generateText(ask);
    await made.llm.close();
    const name = "gen_ai.client.inference.usage.input_tokens";
    expect(await made.total(name, { "gen_ai.token.modality": "text" })).toBe(6);
    expect(await made.total(name, { "gen_ai.token.modality": "audio" })).toBe(4);
  });

  it("a closed observer is no longer read", async () => {
    const traces = createTraceBench(asyncContext);
    const metrics = createMetrics();
    const observer = observeWithOpenTelemetry({ metrics, ...traces });
    const providers = [mockProvider({ id: "a" })];
    const llm = createLLMClient({ providers, observers: [observer], recorders: [metrics.recorder] });
    await llm.generateText(ask);
    await new Promise(setImmediate);
    expect(await traces.total("babylon.calls")).toBe(1);
    observer.close();
    await llm.generateText(ask);
    await llm.close();
    expect(await traces.total("babylon.calls")).toBe(1);
    expect(await traces.total("gen_ai.client.inference.duration")).toBe(2);
  });
});

it.each<[object, string]>([
  [{ names: "1.40" }, "names"],
  [{ content: "some" }, "content"],
])("refuses %j", (options, path) => {
  expect(() => observeWithOpenTelemetry(options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});

it("records nothing without an SDK, and answers all the same", async () => {
  const observer: CallObserver = observeWithOpenTelemetry({ metrics: createMetrics(), content: "all" });
  const llm = createLLMClient({ providers: [mockProvider({ id: "a" })], observers: [observer] });
  expect((await llm.generateText(ask)).provider).toBe("a");
  expect((await llm.streamText(ask).result).provider).toBe("a");
  await llm.close();
});
