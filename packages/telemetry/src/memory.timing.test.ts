import { createLLMClient, type ModelResponse, type Provider, type StreamPart } from "@babylon/llm-core";
import { createSeededRandom, mockProvider } from "@babylon/llm-testing";
import { type Context, context } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, it } from "vitest";
import { z } from "zod";
import { createMetrics } from "./metrics/create-metrics.ts";
import { observeWithOpenTelemetry } from "./otel/observe-with-opentelemetry.ts";
import { prometheusText } from "./prometheus/prometheus-text.ts";
import { heapUsed } from "./test-support/heap-used.ts";
import { sampleAttempt, sampleFailure, sampleRecord } from "./test-support/sample-record.ts";
import { createTraceBench, useAsyncContext } from "./test-support/trace-bench.ts";

const asyncContext = useAsyncContext();
const MB = 1024 * 1024;

it("200,000 calls through a client with metrics and a live SDK: the heap grows by at most 5 MB", async () => {
  const metrics = createMetrics({ agents: Array.from({ length: 20 }, (_, at) => `agent ${at}`) });
  let ended = 0;
  const tracerProvider = new TracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd() {
          ended += 1;
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  const { meterProvider, total } = createTraceBench(asyncContext);
  const llm = createLLMClient({
    providers: [{ ...mockProvider({ id: "a" }), generate: async () => answer }],
    observers: [observeWithOpenTelemetry({ metrics, tracerProvider, meterProvider })],
    recorders: [metrics.recorder],
  });
  const call = (number: number) =>
    llm.generateText({ prompt: "Hello?", transport: "json", agent: `agent ${number % 20}`, callId: `call-${number}` });
  const make = async (from: number, to: number): Promise<void> => {
    for (let number = from; number < to; number += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, at) => call(number + at)));
    }
  };
  await make(0, 5_000);
  const before = await heapUsed();
  await make(5_000, 205_000);
  const growth = (await heapUsed()) - before;
  console.log(`heap growth over 200,000 calls: ${(growth / MB).toFixed(2)} MB`);
  expect(growth).toBeLessThan(5 * MB);
  expect(ended).toBe(2 * 205_000);
  expect(await total("babylon.calls")).toBe(205_000);
  await llm.close();
}, 120_000);

const END = { finishReason: "stop", rawFinishReason: "stop", responseId: "r", responseModel: "m" } as const;
const FINISH: StreamPart = { type: "finish", ...END };

const answer: ModelResponse = {
  text: "Hello.",
  reasoning: [],
  toolCalls: [],
  usage: {
    inputTokens: 1,
    outputTokens: 1,
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: null,
  },
  ...END,
};

/** Logarithms of durations are about normally distributed. */
const spread = (random: () => number, medianMs: number, sigma: number): number =>
  medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

it("a series takes at most 5 KB, with every outcome", async () => {
  const random = createSeededRandom(1);
  const before = await heapUsed();
  const metrics = createMetrics({ agents: Array.from({ length: 200 }, (_, at) => `agent ${at}`) });
  for (let number = 0; number < 200_000; number += 1) {
    const model = `vendor/model-${number % 5}`;
    const agent = `agent ${Math.floor(number / 5) % 200}`;
    const durationMs = spread(random, 1_500, 0.7);
    const failed =
      number % 2 === 0
        ? sampleFailure("timeout", { model, durationMs: 10_000 + 20 * random() })
        : sampleFailure("server", { model, durationMs: spread(random, 120, 0.5) });
    const aborted = sampleFailure("aborted", { model, durationMs: durationMs * random(), outcome: "aborted" });
    const served = sampleAttempt({ model, durationMs, firstTokenMs: spread(random, 300, 0.5) });
    const attempts = [...(random() < 0.1 ? [failed] : []), ...(random() < 0.02 ? [aborted] : []), served];
    metrics.recorder(sampleRecord(attempts, { agent }));
  }
  const bytes = (await heapUsed()) - before;
  const { attempts, calls } = metrics.snapshot();
  expect(attempts.length).toBe(1_000);
  const perSeries = bytes / (attempts.length + calls.length);
  const started = performance.now();
  const text = prometheusText(metrics);
  console.log(
    `${Math.round(perSeries)} bytes a series; ${attempts.length + calls.length} series are ${Math.round(text.length / 1_024)} KB of text in ${Math.round(performance.now() - started)} ms`,
  );
  expect(perSeries).toBeLessThan(5 * 1_024);
}, 60_000);

it("streams let go of the context in which they were made, although the caller keeps them", async () => {
  const { tracerProvider, meterProvider } = createTraceBench(asyncContext);
  const observer = observeWithOpenTelemetry({ tracerProvider, meterProvider });
  const parts: readonly StreamPart[] = [{ type: "text", text: "{}" }, FINISH];
  // Not a mock provider: those keep the context of each call.
  const plain: Provider = {
    ...mockProvider({ id: "a" }),
    generate: async () => answer,
    async *stream() {
      yield* parts;
    },
  };
  const llm = createLLMClient({ providers: [plain], observers: [observer] });
  const held: WeakRef<object>[] = [];
  const withValue = (): Context => {
    const value = { large: "x".repeat(1_000) };
    held.push(new WeakRef(value));
    return context.active().setValue(Symbol("a value of the request"), value);
  };
  const streams = [
    () => llm.streamText({ prompt: "Hello?" }),
    () => llm.streamObject({ prompt: "Hello?", schema: z.object({}) }),
    () => llm.streamArray({ prompt: "Hello?", element: z.object({}) }),
  ].map((make) => context.with(withValue(), make));
  await Promise.allSettled(streams.map(({ result }) => result));
  await llm.close();
  await heapUsed();
  expect(held.map((value) => value.deref())).toEqual([undefined, undefined, undefined]);
  expect(streams.length).toBe(3);
});
