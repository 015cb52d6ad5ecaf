import type { AttemptSeries, TokenSums } from "../metrics/metrics.ts";
import type { Family, HistogramFamily, Labels, Sample } from "./exposition.ts";
import { createDurationSums, type DurationSums } from "./sum-durations.ts";
import { toHistogram } from "./to-histogram.ts";
import { toUsd } from "./to-usd.ts";

const DIRECTIONS: readonly (readonly [direction: string, tokens: keyof TokenSums])[] = [
  ["input", "input"],
  ["output", "output"],
  ["cache_read", "cacheRead"],
  ["cache_write", "cacheWrite"],
  ["reasoning", "reasoning"],
];

const linkOf = ({ provider, model, agent }: AttemptSeries): Labels => ({ provider, model, agent });

function attemptSamples(series: AttemptSeries): readonly Sample[] {
  return series.attempts.map(({ kind, outcome, error, count }) => ({
    labels: { ...linkOf(series), kind, outcome, error: error ?? "" },
    value: count,
  }));
}

function tokenSamples(series: AttemptSeries): readonly Sample[] {
  return DIRECTIONS.map(([direction, tokens]) => ({
    labels: { ...linkOf(series), direction },
    value: series.tokens[tokens],
  }));
}

function costSamples(series: AttemptSeries): readonly Sample[] {
  const { nanoUsd, unknownLowNanoUsd } = series.cost;
  return [
    { labels: { ...linkOf(series), known: "true" }, value: toUsd(nanoUsd) },
    { labels: { ...linkOf(series), known: "false" }, value: toUsd(unknownLowNanoUsd) },
  ];
}

/** The counters of attempts. */
export function attemptFamilies(all: readonly AttemptSeries[]): readonly Family[] {
  return [
    {
      name: "babylon_attempts_total",
      help: "Requests to providers, by what came of them. error is empty for a success.",
      type: "counter",
      samples: all.flatMap(attemptSamples),
    },
    {
      name: "babylon_tokens_total",
      help: "Tokens that providers reported. cache_read and cache_write are parts of input, reasoning is a part of output.",
      type: "counter",
      samples: all.flatMap(tokenSamples),
    },
    {
      name: "babylon_usage_unknown_attempts_total",
      help: "Attempts whose tokens are not known. They are not in babylon_tokens_total and may have been billed.",
      type: "counter",
      samples: all.map((series) => ({ labels: linkOf(series), value: series.unknownUsage })),
    },
    {
      name: "babylon_cost_usd_total",
      help: "Cost of attempts, US dollars. known=false: the lower bounds of costs that are not known.",
      type: "counter",
      samples: all.flatMap(costSamples),
    },
    {
      name: "babylon_cost_unknown_attempts_total",
      help: "Attempts whose cost is not known, because of their usage or because no price is known.",
      type: "counter",
      samples: all.map((series) => ({ labels: linkOf(series), value: series.cost.unknownAttempts })),
    },
  ];
}

const histogramOf = (name: string, help: string, sums: DurationSums): HistogramFamily => ({
  name,
  help,
  samples: Array.from(sums.all(), ({ labels, durations }) => toHistogram(labels, durations)),
});

/** The histograms of attempts, summed over agents. */
export function attemptHistograms(all: readonly AttemptSeries[]): readonly HistogramFamily[] {
  const durationSums = createDurationSums();
  const firstTokenSums = createDurationSums();
  for (const { provider, model, durations, firstTokens } of all) {
    for (const [outcome, some] of Object.entries(durations)) durationSums.add({ provider, model, outcome }, some);
    firstTokenSums.add({ provider, model }, firstTokens);
  }
  return [
    histogramOf("babylon_attempt_seconds", "Duration of attempts, by outcome.", durationSums),
    histogramOf(
      "babylon_first_token_seconds",
      "Time from the start of an attempt to its first text, reasoning or tool part.",
      firstTokenSums,
    ),
  ];
}
