import {
  type Attempt,
  type CallRecord,
  createLLMClient,
  isLLMError,
  type LLMClient,
  type Usage,
} from "@babylon/llm-core";
import { type Fault, type FaultRule, SIMULATED_PROVIDERS, spawnProviderSimulator } from "@babylon/llm-testing";
import { createRequestFinder, createTruthLedger } from "@babylon/llm-testing/vitest";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMetrics } from "../metrics/create-metrics.ts";
import type { MetricsSnapshot } from "../metrics/metrics.ts";
import { observeWithOpenTelemetry } from "../otel/observe-with-opentelemetry.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createTraceBench, type TraceBench } from "./trace-bench.ts";

/** Options of {@link runTelemetrySoak}. */
export interface TelemetrySoakOptions {
  readonly calls: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly complaints: readonly string[];
}

/** Sums from one place. `unknown`: attempts whose tokens are not known. */
export interface TokenTotals {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly reasoning: number;
  readonly nanoUsd: number;
}

/** The result of a soak. */
export interface TelemetrySoakReport {
  readonly spans: { readonly begun: number; readonly ended: number; readonly exported: number };
  readonly complaints: readonly string[];
  /** Calls that began: made ones without streams that were never read. */
  readonly begunCalls: number;
  readonly calls: {
    readonly spans: number;
    readonly records: number;
    readonly counters: number;
    readonly otel: number;
  };
  readonly attempts: {
    readonly spans: number;
    readonly records: number;
    readonly counters: number;
    readonly otel: number;
  };
  /** Requests at the simulator, and attempts that may have been cut off before their request arrived. */
  readonly requests: number;
  readonly mayNotHaveArrived: number;
  readonly tokens: {
    readonly spans: TokenTotals;
    readonly records: TokenTotals;
    readonly counters: TokenTotals;
    readonly otel: Pick<TokenTotals, "input" | "output" | "cacheRead" | "reasoning">;
  };
  /** Of attempts that succeeded: what their spans say, and what the simulator's replies stated. */
  readonly served: { readonly spans: TokenTotals; readonly simulator: TokenTotals };
  readonly unknown: { readonly records: number; readonly counters: number };
  /** Differences between the simulator's log and the records, by call and by attempt. */
  readonly differences: readonly string[];
  /** Spans whose parent is not the span of their call, and spans with model, usage or cost that are no attempts. */
  readonly misplaced: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
}

const PROMPTS = 40;
const FAULT_SHARE = 0.3;
const FAULTS: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, headers: { "retry-after": null, "retry-after-ms": "20" } },
  { kind: "hang" },
  { kind: "slow", delayMs: 300 },
  { kind: "stall", afterParts: 2 },
  { kind: "reset", when: "before-headers" },
  { kind: "reset", when: "mid-body", afterParts: 2 },
  { kind: "reset", when: "mid-stream", afterParts: 3 },
  { kind: "truncate", afterParts: 2 },
  { kind: "malformed", afterParts: 2 },
  { kind: "html" },
  { kind: "empty" },
  { kind: "error-200" },
  { kind: "error-event", afterParts: 2 },
  { kind: "no-done" },
  { kind: "split", bytes: 7 },
];

/** Each kind with the same share. The first rule that strikes counts: later ones see only what earlier ones let pass. */
const rules = (): FaultRule[] =>
  SIMULATED_PROVIDERS.flatMap((provider) =>
    FAULTS.map((fault, at): FaultRule => {
      const share = FAULT_SHARE / FAULTS.length;
      return { provider, fault, probability: share / (1 - share * at) };
    }),
  );

/** Billionths of a dollar for these tokens, exactly. */
const priceOf = (input: number, output: number): number => input * 137 + output * 1_009;

const NOTHING: TokenTotals = { input: 0, output: 0, cacheRead: 0, reasoning: 0, nanoUsd: 0 };

const addTotals = (a: TokenTotals, b: TokenTotals): TokenTotals => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  reasoning: a.reasoning + b.reasoning,
  nanoUsd: a.nanoUsd + b.nanoUsd,
});

function totalsOfUsage({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): TokenTotals {
  const isPriced = inputTokens !== null && outputTokens !== null;
  return {
    input: inputTokens ?? 0,
    output: outputTokens ?? 0,
    cacheRead: cachedInputTokens ?? 0,
    reasoning: reasoningTokens ?? 0,
    nanoUsd: isPriced ? priceOf(inputTokens, outputTokens) : 0,
  };
}

const totalsOfAttempt = ({ usage }: Attempt): TokenTotals => (usage === undefined ? NOTHING : totalsOfUsage(usage));

function totalsOfSpan({ attributes }: ReadableSpan): TokenTotals {
  const numberOf = (name: string): number => Number(attributes[name] ?? 0);
  return {
    input: numberOf("gen_ai.usage.input_tokens"),
    output: numberOf("gen_ai.usage.output_tokens"),
    cacheRead: numberOf("gen_ai.usage.cache_read.input_tokens"),
    reasoning: numberOf("gen_ai.usage.reasoning.output_tokens"),
    nanoUsd: Math.round(numberOf("gen_ai.usage.cost.amount") * 1e9),
  };
}

function totalsOfSnapshot({ attempts }: MetricsSnapshot): TokenTotals {
  return attempts
    .map(({ tokens, cost }) => ({ ...tokens, nanoUsd: cost.nanoUsd }))
    .reduce((sum: TokenTotals, tokens) => addTotals(sum, tokens), NOTHING);
}

async function totalsOfOtel({ total }: TraceBench): Promise<TelemetrySoakReport["tokens"]["otel"]> {
  const usage = (name: string): Promise<number> => total(`gen_ai.client.inference.usage.${name}`);
  return {
    input: await usage("input_tokens"),
    output: await usage("output_tokens"),
    cacheRead: await usage("cache_read.input_tokens"),
    reasoning: await usage("reasoning.output_tokens"),
  };
}

const isCut = ({ outcome, error }: Attempt): boolean =>
  outcome === "aborted" || outcome === "cancelled" || (outcome === "failed" && error?.status === null);

function countBy(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Makes one call, in one of the ways in which callers make and leave them. Returns whether it began. */
async function callOnce(llm: LLMClient, number: number, random: () => number): Promise<boolean> {
  const question = `Item ${number % PROMPTS} of the evening paper?`;
  // Long prompts are read from, and written to, the cache of their vendor.
  const prompt = number % 7 === 0 ? `${question} ${"And what else? ".repeat(400)}` : question;
  const controller = new AbortController();
  const common = { prompt, callId: `soak-${number}`, abortSignal: controller.signal, agent: `agent ${number % 7}` };
  const way = number % 10;
  if (way === 9) {
    // Never read.
    llm.streamText(common);
    return false;
  }
  const timer = way === 8 ? setTimeout(() => controller.abort(), random() * 30) : undefined;
  try {
    if (way === 0 || way === 1) {
      let left = Math.ceil(random() * 6);
      for await (const _ of llm.streamText({ ...common, onInterrupted: way === 0 ? "restart" : "continue" })) {
        left -= 1;
        // Abandoned.
        if (number % 3 === 0 && left <= 0) break;
      }
    } else if (way === 2) {
      await llm.generateText({ ...common, hedge: { minDelayMs: 1, quantile: 0.5 } });
    } else if (way === 3) {
      await llm.generateText({ ...common, prompt: `Shared ${Math.floor(number / 200)}?`, coalesce: true });
    } else {
      await llm.generateText({ ...common, transport: number % 2 === 0 ? "json" : "stream" });
    }
  } catch (thrown) {
    if (!isLLMError(thrown)) throw thrown;
  } finally {
    clearTimeout(timer);
  }
  return true;
}

/**
 * Makes calls with faults on three in ten requests, hedges, aborts, abandoned and never-read streams, restarts, shared calls and both
 * transports against a simulator of its own process, and adds up what spans, records, counters and the simulator say.
 */
export async function runTelemetrySoak(options: TelemetrySoakOptions): Promise<TelemetrySoakReport> {
  const { calls, concurrency, seed, complaints } = options;
  const random = createSeededRandom(seed);
  await using server = await spawnProviderSimulator({ seed, faults: rules() });
  const exported: ReadableSpan[] = [];
  const batch = new BatchSpanProcessor({
    maxQueueSize: 8 * calls + 10_000,
    exporter: {
      export(spans, done) {
        exported.push(...spans);
        done({ code: 0 });
      },
      shutdown: async () => {},
    },
  });
  const counts = { begun: 0, ended: 0 };
  const counting: SpanProcessor = {
    onStart() {
      counts.begun += 1;
    },
    onEnd() {
      counts.ended += 1;
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerProvider = new TracerProvider({ spanProcessors: [counting, batch] });
  const traces = createTraceBench({ complaints });
  const metrics = createMetrics({ agents: ["agent 0", "agent 1"] });
  const observer = observeWithOpenTelemetry({ metrics, tracerProvider, meterProvider: traces.meterProvider });
  const records: CallRecord[] = [];
  const llm = createLLMClient({
    providers: [wandb(), groq(), claude(), openai()],
    env: { ...server.env },
    random,
    observers: [observer],
    recorders: [metrics.recorder, (record) => void records.push(record)],
    pricer: {
      price({ usage }) {
        const nanoUsd = usage === undefined ? null : totalsOfUsage(usage).nanoUsd;
        const isKnown = usage !== undefined && usage.inputTokens !== null && usage.outputTokens !== null;
        const cost = isKnown ? nanoUsd : null;
        return {
          nanoUsd: cost,
          lowNanoUsd: cost ?? 0,
          highNanoUsd: cost,
          currency: "USD",
          source: "list",
          effective: null,
        };
      },
    },
    timeouts: { firstTokenMs: 400, idleMs: 400, attemptMs: 500, totalMs: 20_000 },
    retry: { baseDelayMs: 10, maxDelayMs: 50 },
    breaker: { coolDownMs: 200, maxCoolDownMs: 1_000, maxRestMs: 50 },
  });

  let next = 0;
  let begunCalls = 0;
  async function worker(): Promise<void> {
    while (next < calls) {
      const number = next;
      next += 1;
      if (await callOnce(llm, number, random)) begunCalls += 1;
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  await llm.close();
  await tracerProvider.forceFlush();

  const requests = (await server.requests()).filter(({ endpoint }) => endpoint === "chat");
  const ledger = createTruthLedger();
  for (const request of requests) ledger.request(request);
  for (const record of records) ledger.record(record);
  const attempts = records.flatMap((record) => record.attempts);
  const callSpans = exported.filter(({ name }) => name === "llm call");
  const attemptSpans = exported.filter(({ name }) => name !== "llm call");
  const callIds = new Set(callSpans.map((span) => span.spanContext().spanId));
  const isMisplaced = ({ attributes, parentSpanContext }: ReadableSpan): boolean => {
    const hasModel = Object.keys(attributes).some((name) => name.startsWith("gen_ai."));
    return hasModel !== callIds.has(parentSpanContext?.spanId ?? "");
  };
  const requestOf = createRequestFinder(requests);
  const snapshot = metrics.snapshot();
  const servedAttempts = attempts.filter(({ outcome }) => outcome === "success");
  const sum = (all: readonly TokenTotals[]): TokenTotals => all.reduce(addTotals, NOTHING);

  return {
    spans: { ...counts, exported: exported.length },
    complaints,
    begunCalls,
    calls: {
      spans: callSpans.length,
      records: records.length,
      counters: snapshot.calls.reduce((total, { count }) => total + count, 0),
      otel: await traces.total("babylon.calls"),
    },
    attempts: {
      spans: attemptSpans.length,
      records: attempts.length,
      counters: snapshot.attempts.flatMap((series) => series.attempts).reduce((total, { count }) => total + count, 0),
      otel: await traces.total("gen_ai.client.inference.duration"),
    },
    requests: requests.length,
    mayNotHaveArrived: attempts.filter(isCut).length,
    tokens: {
      spans: sum(attemptSpans.map(totalsOfSpan)),
      records: sum(attempts.map(totalsOfAttempt)),
      counters: totalsOfSnapshot(snapshot),
      otel: await totalsOfOtel(traces),
    },
    served: {
      spans: sum(
        attemptSpans.filter(({ attributes }) => attributes["babylon.attempt.outcome"] === "success").map(totalsOfSpan),
      ),
      simulator: sum(
        servedAttempts.map((attempt) => {
          const usage = requestOf(attempt)?.usage;
          if (usage === undefined || usage === null) return NOTHING;
          const {
            inputTokens: input,
            outputTokens: output,
            cachedTokens: cacheRead,
            reasoningTokens: reasoning,
          } = usage;
          return { input, output, cacheRead, reasoning, nanoUsd: priceOf(input, output) };
        }),
      ),
    },
    unknown: {
      records: attempts.filter(({ usage, sent }) => {
        if (usage === undefined) return sent;
        return usage.inputTokens === null || usage.outputTokens === null;
      }).length,
      counters: snapshot.attempts.reduce((total, { unknownUsage }) => total + unknownUsage, 0),
    },
    differences: ledger.differences(),
    misplaced: exported.filter(isMisplaced).length,
    outcomes: countBy(attempts.map(({ outcome }) => outcome)),
    kinds: countBy(attempts.map(({ kind }) => kind)),
  };
}
