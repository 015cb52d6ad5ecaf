import type { Attempt } from "@babylon/llm-core";
import type { UsageRow } from "@babylon/record-store/contract";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { MetricsSnapshot } from "../../metrics/metrics.ts";
import type { TraceBench } from "../trace-bench.ts";

/** The sums of one place, of attempts that reported them. */
export interface TokenTotals {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly reasoning: number;
  readonly nanoUsd: number;
}

const NOTHING: TokenTotals = { input: 0, output: 0, cacheRead: 0, reasoning: 0, nanoUsd: 0 };

/** Adds sums. */
export const addTotals = (all: readonly TokenTotals[]): TokenTotals =>
  all.reduce(
    (a, b) => ({
      input: a.input + b.input,
      output: a.output + b.output,
      cacheRead: a.cacheRead + b.cacheRead,
      reasoning: a.reasoning + b.reasoning,
      nanoUsd: a.nanoUsd + b.nanoUsd,
    }),
    NOTHING,
  );

/** What the record of an attempt states. */
export const totalsOfAttempt = ({ usage, cost }: Attempt): TokenTotals => ({
  input: usage?.inputTokens ?? 0,
  output: usage?.outputTokens ?? 0,
  cacheRead: usage?.cachedInputTokens ?? 0,
  reasoning: usage?.reasoningTokens ?? 0,
  nanoUsd: cost?.nanoUsd ?? 0,
});

/** What the attributes of an attempt's span state. */
export function totalsOfSpan({ attributes }: ReadableSpan): TokenTotals {
  const numberOf = (name: string): number => Number(attributes[name] ?? 0);
  return {
    input: numberOf("gen_ai.usage.input_tokens"),
    output: numberOf("gen_ai.usage.output_tokens"),
    cacheRead: numberOf("gen_ai.usage.cache_read.input_tokens"),
    reasoning: numberOf("gen_ai.usage.reasoning.output_tokens"),
    nanoUsd: Math.round(numberOf("gen_ai.usage.cost.amount") * 1e9),
  };
}

/** What the counters of all series state. */
export const totalsOfSnapshot = ({ attempts }: MetricsSnapshot): TokenTotals =>
  addTotals(
    attempts.map(({ tokens: { input, output, cacheRead, reasoning }, cost: { nanoUsd } }) => ({
      input,
      output,
      cacheRead,
      reasoning,
      nanoUsd,
    })),
  );

/** What the sums of a record store state. */
export const totalsOfUsage = (rows: readonly UsageRow[]): TokenTotals =>
  addTotals(
    rows.map(({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens, nanoUsd }) => ({
      input: inputTokens,
      output: outputTokens,
      cacheRead: cachedInputTokens,
      reasoning: reasoningTokens,
      nanoUsd,
    })),
  );

/** What the instruments of OpenTelemetry state. They have no cost. */
export async function totalsOfOtel({ total }: TraceBench): Promise<Omit<TokenTotals, "nanoUsd">> {
  const usage = (name: string): Promise<number> => total(`gen_ai.client.inference.usage.${name}`);
  return {
    input: await usage("input_tokens"),
    output: await usage("output_tokens"),
    cacheRead: await usage("cache_read.input_tokens"),
    reasoning: await usage("reasoning.output_tokens"),
  };
}
