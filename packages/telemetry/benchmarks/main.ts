/**
 * What telemetry costs a call: each part alone in a loop, CPU time of the process, median of nine rounds, as a share of a JSON call of the
 * same run, 64 at a time over HTTP. `node packages/telemetry/benchmarks/main.ts`; exit code 1 if a part is over its limit.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Attempt,
  type AttemptStart,
  type CallObserver,
  type CallRecord,
  type CallStart,
  createLLMClient,
} from "@babylon/llm-core";
import { spawnProviderSimulator } from "@babylon/llm-testing";
import { createPricer } from "@babylon/prices";
import { openai } from "@babylon/provider-openai";
import { openRecordStore } from "@babylon/record-store";
import { context, metrics as metricsApi, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMetrics } from "../src/index.ts";
import { observeWithOpenTelemetry } from "../src/otel.ts";

const JSON_CALLS = 6_400;
const AT_ONCE = 64;
const CALLS = 20_000;
const ROUNDS = 9;
/** At 1,000 calls a second, the records of one second. */
const SLICE = 1_000;

const attempt: Attempt = {
  number: 1,
  kind: "first",
  provider: "groq",
  model: "openai/gpt-oss-120b",
  transport: "json",
  endpoint: "https://api.groq.com/openai/v1",
  sent: true,
  startedAt: 1_000,
  durationMs: 812.5,
  firstTokenMs: 812,
  outcome: "success",
  outputChars: 400,
  usage: {
    inputTokens: 812,
    outputTokens: 120,
    cachedInputTokens: 0,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: 40,
  },
  cost: {
    nanoUsd: 193_800,
    lowNanoUsd: 193_800,
    highNanoUsd: 193_800,
    currency: "USD",
    source: "list",
    effective: "2026-01-01",
  },
  requestId: "req_01jabcdefghijklmnop",
  responseId: "chatcmpl-0123456789",
  responseModel: "openai/gpt-oss-120b",
  serviceTier: "on_demand",
  speed: null,
  region: null,
};
const { provider, model } = attempt;
const tags = { agent: "chat", purpose: "greet", tenant: null, unit: null, metadata: null } as const;
const callStart: CallStart = { callId: "c", startedAt: 1_000, ...tags, options: { temperature: 0.7 }, joins: null };
const request = { model, messages: [{ role: "user", content: "Hello?" }], temperature: 0.7 } as const;
const { number, kind, transport, endpoint, startedAt } = attempt;
const start: AttemptStart = {
  callId: "c",
  number,
  kind,
  provider,
  model,
  transport,
  endpoint,
  startedAt,
  request: () => request,
};
const record: CallRecord = {
  v: 1,
  callId: "c",
  startedAt: 1_000,
  durationMs: 813,
  firstTokenMs: 812,
  outcome: "success",
  ...tags,
  options: { temperature: 0.7 },
  provider,
  model,
  responseId: attempt.responseId,
  finishReason: "stop",
  attempts: [attempt],
  totalUsage: attempt.usage ?? expectUsage(),
  seams: [],
  warnings: [],
  settingsVersion: 1,
};
const answer = { text: "Hello.", reasoning: null, toolCalls: [], finishReason: "stop" } as const;

function expectUsage(): never {
  throw new Error("the attempt has a usage");
}

let sent = 0;
const send = (): void => {
  sent += 1;
};

/** Everything that a call does with an observer. */
function observe(observer: CallObserver): void {
  const call = observer.begin(callStart, observer.capture?.());
  const seen = call?.attempt(start);
  seen?.run(send);
  seen?.end(attempt, () => answer);
  call?.end(record);
}

/** What a part does for a call, by the number of the call, and what it does between slices of calls. */
interface Part {
  each(call: number): void;
  between?(): Promise<unknown>;
}

/** CPU time of a call, microseconds. Pauses between slices, so that batches are exported, and counts their export. */
async function measure({ each, between = () => new Promise(setImmediate) }: Part): Promise<number> {
  const before = process.cpuUsage();
  for (let made = 0; made < CALLS; made += 1) {
    each(made);
    if (made % SLICE === SLICE - 1) await between();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** CPU time of a JSON call without telemetry, microseconds. */
async function measureJsonCall(): Promise<number> {
  await using server = await spawnProviderSimulator({});
  await using llm = createLLMClient({ providers: [openai()], env: { ...server.env }, maxConcurrency: AT_ONCE });
  const call = () => llm.generateText({ prompt: "Hello?", transport: "json" });
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    for (let made = 0; made < JSON_CALLS; made += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, call));
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / JSON_CALLS);
  }
  return median(rounds.slice(1));
}

const jsonCallUs = await measureJsonCall();
console.log(`a JSON call: ${jsonCallUs.toFixed(1)} us CPU`);

async function report(what: string, limitShare: number, part: Part): Promise<void> {
  await measure(part);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(part));
  const us = median(rounds);
  const share = us / jsonCallUs;
  const isOk = share <= limitShare;
  if (!isOk) process.exitCode = 1;
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  console.log(
    `${what}: ${us.toFixed(2)} us CPU a call (best ${Math.min(...rounds).toFixed(2)}), ${percent(share)} of a JSON call, limit ${percent(limitShare)}: ${isOk ? "ok" : "OVER"}`,
  );
}

const agents = Array.from({ length: 20 }, (_, at) => `agent ${at}`);
const metrics = createMetrics({ agents });
const records = agents.map((agent) => ({ ...record, agent }));
const unwatched = observeWithOpenTelemetry({ metrics });

await report("observer without an SDK", 0.015, { each: () => observe(unwatched) });
const pricer = createPricer();
let priced = 0;
await report("pricer and aggregator", 0.03, {
  each(call) {
    priced += pricer.price(attempt, null).nanoUsd ?? Number.NaN;
    metrics.recorder(records[call % records.length] ?? record);
  },
});
if (!(priced > 0)) throw new Error("the attempt has no price");

const folder = mkdtempSync(join(tmpdir(), "babylon-sink-"));
const store = await openRecordStore({ url: `sqlite://${folder}/records.db` });
let recorded = 0;
await report("record sink on SQLite, its worker included", 0.25, {
  each(call) {
    recorded += 1;
    store.recorder({
      ...(records[call % records.length] ?? record),
      callId: `call-${recorded}`,
      startedAt: Date.now(),
    });
  },
  between: () => store.flush(),
});
await store.close();
console.log(
  `  ${(statSync(join(folder, "records.db")).size / recorded).toFixed(0)} bytes a call, ${store.dropped} dropped`,
);
rmSync(folder, { recursive: true });

let exported = 0;
const tracerProvider = new TracerProvider({
  spanProcessors: [
    new BatchSpanProcessor({
      exporter: {
        export(spans, done) {
          exported += spans.length;
          done({ code: 0 });
        },
        shutdown: async () => {},
      },
    }),
  ],
});
const reader = new PeriodicExportingMetricReader({
  exportIntervalMillis: 1_000,
  exportTimeoutMillis: 1_000,
  exporter: { export: (_, done) => done({ code: 0 }), forceFlush: async () => {}, shutdown: async () => {} },
});
const meterProvider = new MeterProvider({ readers: [reader] });
trace.setGlobalTracerProvider(tracerProvider);
metricsApi.setGlobalMeterProvider(meterProvider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const live = observeWithOpenTelemetry({ metrics });
await report("live SDK 3, spans in batches and metrics", 0.15, { each: () => observe(live) });
await tracerProvider.shutdown();
await meterProvider.shutdown();

const made = CALLS * (ROUNDS + 1);
if (sent !== 2 * made) throw new Error(`${sent} sent`);
if (exported !== 2 * made)
  console.log(`${exported} of ${2 * made} spans were exported: the rest did not fit the queue`);
