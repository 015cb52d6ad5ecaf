import { type Attempt, type CallRecord, createLLMClient } from "@babylon/llm-core";
import { createSeededRandom, spawnProviderSimulator } from "@babylon/llm-testing";
import { createRequestFinder, createTruthLedger } from "@babylon/llm-testing/vitest";
import { createPricer } from "@babylon/prices";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { openRecordStore, type UsageRow } from "@babylon/record-store";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { createMetrics } from "../../metrics/create-metrics.ts";
import { observeWithOpenTelemetry } from "../../otel/observe-with-opentelemetry.ts";
import { createTraceBench } from "../trace-bench.ts";
import { billOf } from "./bill-of.ts";
import { callInWays, faultRules } from "./call-in-ways.ts";
import { collectSpans } from "./collect-spans.ts";
import {
  addTotals,
  type TokenTotals,
  totalsOfAttempt,
  totalsOfOtel,
  totalsOfSnapshot,
  totalsOfSpan,
  totalsOfUsage,
} from "./token-totals.ts";

/** Options of {@link runTelemetrySoak}. */
export interface TelemetrySoakOptions {
  readonly calls: number;
  readonly concurrency: number;
  readonly seed: number;
  /** The URL of a record store. */
  readonly records: string;
  readonly complaints: readonly string[];
}

/** A count of each place that has one. */
interface Counts {
  readonly spans: number;
  readonly records: number;
  readonly counters: number;
  readonly otel: number;
  /** The sums of the record store. */
  readonly sums: number;
}

/** The result of a soak. */
export interface TelemetrySoakReport {
  readonly spans: { readonly begun: number; readonly ended: number; readonly exported: number };
  readonly complaints: readonly string[];
  /** Calls that began: made ones without streams that were never read. */
  readonly begunCalls: number;
  readonly calls: Counts;
  readonly attempts: Counts;
  /** Calls that the record store did not accept. */
  readonly dropped: number;
  /** Requests at the simulator, and attempts that may have been cut off before their request arrived. */
  readonly requests: number;
  readonly mayNotHaveArrived: number;
  readonly tokens: {
    readonly spans: TokenTotals;
    readonly records: TokenTotals;
    readonly counters: TokenTotals;
    readonly sums: TokenTotals;
    readonly otel: Omit<TokenTotals, "nanoUsd">;
  };
  /** Of attempts with a known cost: their number, their costs, and the bills of the simulator's replies to them. */
  readonly priced: { readonly attempts: number; readonly nanoUsd: bigint; readonly billed: bigint };
  /** Attempts with a known cost whose bill is another. */
  readonly wronglyPriced: readonly string[];
  /** Attempts of unknown usage. */
  readonly unknown: { readonly records: number; readonly counters: number; readonly sums: number };
  /** Differences between the simulator's log and the records, by call and by attempt. */
  readonly differences: readonly string[];
  /** Spans whose parent is not the span of their call, and spans with model, usage or cost that are no attempts. */
  readonly misplaced: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
}

const isCut = ({ outcome, error }: Attempt): boolean =>
  outcome === "aborted" || outcome === "cancelled" || (outcome === "failed" && error?.status === null);

/** Attempts that never had a usage are of unknown usage, unless nothing was sent. */
const isUnknown = ({ usage, sent }: Attempt): boolean =>
  usage === undefined ? sent === true : usage.inputTokens === null || usage.outputTokens === null;

function countBy(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const sumOf = <T>(list: readonly T[], numberOf: (item: T) => number): number =>
  list.reduce((sum, item) => sum + numberOf(item), 0);

/** Attempts whose model span is not a child of the span of their call, and other spans with a model. */
function countMisplaced(exported: readonly ReadableSpan[], callSpans: readonly ReadableSpan[]): number {
  const callIds = new Set(callSpans.map((span) => span.spanContext().spanId));
  return exported.filter(({ attributes, parentSpanContext }) => {
    const hasModel = Object.keys(attributes).some((name) => name.startsWith("gen_ai."));
    return hasModel !== callIds.has(parentSpanContext?.spanId ?? "");
  }).length;
}

/**
 * Makes calls with faults on three in ten requests, hedges, aborts, abandoned and never-read streams, restarts, shared calls and both
 * transports against a simulator of its own process, with the price list, traces, counters and a record store, and adds up what each of
 * them and the simulator say.
 */
export async function runTelemetrySoak(options: TelemetrySoakOptions): Promise<TelemetrySoakReport> {
  const { calls, concurrency, seed, records: url, complaints } = options;
  const random = createSeededRandom(seed);
  await using server = await spawnProviderSimulator({ seed, faults: faultRules() });
  const { tracerProvider, counts, exported } = collectSpans(8 * calls + 10_000);
  const traces = createTraceBench({ complaints });
  const metrics = createMetrics({ agents: ["agent 0", "agent 1"] });
  const observer = observeWithOpenTelemetry({ metrics, tracerProvider, meterProvider: traces.meterProvider });
  const store = await openRecordStore({ url });
  const records: CallRecord[] = [];
  const llm = createLLMClient({
    providers: [wandb(), groq(), claude(), openai()],
    env: { ...server.env },
    random,
    observers: [observer],
    recorders: [metrics.recorder, store.recorder, (record) => void records.push(record)],
    pricer: createPricer(),
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
      if (await callInWays(llm, number, random)) begunCalls += 1;
    }
  }
  const from = Date.now() - 1_000;
  await Promise.all(Array.from({ length: concurrency }, worker));
  await llm.close();
  await tracerProvider.forceFlush();
  await store.flush();
  const rowsBy = (by: "outcome" | "model"): Promise<readonly UsageRow[]> =>
    store.usage({ from, to: Date.now() + 1_000, timeZone: "Asia/Kathmandu", bucket: "all", by: [by] });
  const rows = await rowsBy("outcome");
  const modelRows = await rowsBy("model");
  const { dropped } = store;
  await store.close();

  const requests = (await server.requests()).filter(({ endpoint }) => endpoint === "chat");
  const ledger = createTruthLedger();
  for (const request of requests) ledger.request(request);
  for (const record of records) ledger.record(record);
  const attempts = records.flatMap((record) => record.attempts);
  const callSpans = exported.filter(({ name }) => name === "llm call");
  const attemptSpans = exported.filter(({ name }) => name !== "llm call");
  const snapshot = metrics.snapshot();
  const requestOf = createRequestFinder(requests);
  const billed = attempts.flatMap((attempt) => {
    const { cost, usage } = attempt;
    const request = requestOf(attempt);
    if (usage === undefined || typeof cost?.nanoUsd !== "number" || request === null) return [];
    return [{ attempt, nanoUsd: BigInt(cost.nanoUsd), bill: billOf(request) ?? -1n }];
  });

  return {
    spans: { ...counts, exported: exported.length },
    complaints,
    begunCalls,
    dropped,
    calls: {
      spans: callSpans.length,
      records: records.length,
      counters: sumOf(snapshot.calls, ({ count }) => count),
      otel: await traces.total("babylon.calls"),
      sums: sumOf(rows, (row) => row.calls),
    },
    attempts: {
      spans: attemptSpans.length,
      records: attempts.length,
      counters: sumOf(
        snapshot.attempts.flatMap((series) => series.attempts),
        ({ count }) => count,
      ),
      otel: await traces.total("gen_ai.client.inference.duration"),
      sums: sumOf(modelRows, (row) => row.attempts),
    },
    requests: requests.length,
    mayNotHaveArrived: attempts.filter(isCut).length,
    tokens: {
      spans: addTotals(attemptSpans.map(totalsOfSpan)),
      records: addTotals(attempts.map(totalsOfAttempt)),
      counters: totalsOfSnapshot(snapshot),
      sums: totalsOfUsage(modelRows),
      otel: await totalsOfOtel(traces),
    },
    priced: {
      attempts: billed.length,
      nanoUsd: billed.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0n),
      billed: billed.reduce((sum, { bill }) => sum + bill, 0n),
    },
    wronglyPriced: billed
      .filter(({ nanoUsd, bill }) => nanoUsd !== bill)
      .map(({ attempt, nanoUsd, bill }) => `${attempt.provider}, ${attempt.outcome}: ${nanoUsd} instead of ${bill}`),
    unknown: {
      records: attempts.filter(isUnknown).length,
      counters: sumOf(snapshot.attempts, ({ unknownUsage }) => unknownUsage),
      sums: sumOf(modelRows, ({ unknownUsage }) => unknownUsage),
    },
    differences: ledger.differences(),
    misplaced: countMisplaced(exported, callSpans),
    outcomes: countBy(attempts.map(({ outcome }) => outcome)),
    kinds: countBy(attempts.map(({ kind }) => kind)),
  };
}
