import type { Attributes, BatchObservableCallback, Meter, ObservableCounter } from "@opentelemetry/api";
import type { AttemptSeries, Metrics, TokenSums } from "../metrics/metrics.ts";
import type { NameChoice } from "./convention-names.ts";
import { linkAttributes } from "./request-attributes.ts";

/** Counters that are read from metrics. */
export interface ObservedCounters {
  close(): void;
}

/** One value of a counter. */
interface Observation {
  readonly value: number;
  readonly attributes: Attributes;
}

/** Every modality is a value of its own: their sum is what the provider reported. */
function byModality(series: AttemptSeries, total: keyof TokenSums, audio: keyof TokenSums | null): Observation[] {
  const attributes = { ...linkAttributes(series), "babylon.agent": series.agent };
  const audioTokens = audio === null ? 0 : series.tokens[audio];
  const text = {
    value: series.tokens[total] - audioTokens,
    attributes: { ...attributes, "gen_ai.token.modality": "text" },
  };
  if (audioTokens === 0) return [text];
  return [text, { value: audioTokens, attributes: { ...attributes, "gen_ai.token.modality": "audio" } }];
}

const TOKENS: readonly (readonly [name: string, total: keyof TokenSums, audio: keyof TokenSums | null])[] = [
  ["input_tokens", "input", "audioInput"],
  ["output_tokens", "output", "audioOutput"],
  ["cache_read.input_tokens", "cacheRead", null],
  ["cache_write.input_tokens", "cacheWrite", null],
  ["reasoning.output_tokens", "reasoning", null],
];

const attributesOf = (series: AttemptSeries): Attributes => ({
  ...linkAttributes(series),
  "babylon.agent": series.agent,
});

function attemptCounts(series: AttemptSeries): Observation[] {
  return series.attempts.map(({ kind, outcome, error, count }) => ({
    value: count,
    attributes: {
      ...attributesOf(series),
      "babylon.attempt.kind": kind,
      "babylon.attempt.outcome": outcome,
      ...(error === null ? {} : { "error.type": error }),
    },
  }));
}

function costs(series: AttemptSeries): Observation[] {
  const { nanoUsd, unknownLowNanoUsd } = series.cost;
  const attributes = attributesOf(series);
  return [
    { value: nanoUsd / 1e9, attributes: { ...attributes, "babylon.cost.known": true } },
    { value: unknownLowNanoUsd / 1e9, attributes: { ...attributes, "babylon.cost.known": false } },
  ];
}

/** Registers the counters with a meter: they are read from a snapshot of the metrics whenever the meter is collected. */
export function observeCounters(meter: Meter, metrics: Metrics, { current }: NameChoice): ObservedCounters {
  const counter = (name: string, unit: string, description: string): ObservableCounter =>
    meter.createObservableCounter(name, { unit, description });
  const attempts = counter("babylon.attempts", "{attempt}", "Requests to providers, by what came of them.");
  const calls = counter("babylon.calls", "{call}", "Calls, by what came of them.");
  const unknownUsage = counter("babylon.usage.unknown", "{attempt}", "Attempts whose tokens are not known.");
  const cost = counter("babylon.cost", "USD", "Cost of attempts; of unknown ones the lower bound.");
  const unknownCost = counter("babylon.cost.unknown", "{attempt}", "Attempts whose cost is not known.");
  const overflow = counter("babylon.series.overflow", "{item}", "What was counted as other because of maxSeries.");
  const tokens = current
    ? TOKENS.map(
        ([name, total, audio]) =>
          [
            counter(`gen_ai.client.inference.usage.${name}`, "{token}", "Tokens that providers reported."),
            total,
            audio,
          ] as const,
      )
    : [];

  const observe: BatchObservableCallback = (result) => {
    const observeAll = (instrument: ObservableCounter, observations: Iterable<Observation>): void => {
      for (const { value, attributes } of observations) result.observe(instrument, value, attributes);
    };
    const snapshot = metrics.snapshot();
    for (const series of snapshot.attempts) {
      const attributes = attributesOf(series);
      observeAll(attempts, attemptCounts(series));
      for (const [instrument, total, audio] of tokens) observeAll(instrument, byModality(series, total, audio));
      result.observe(unknownUsage, series.unknownUsage, attributes);
      observeAll(cost, costs(series));
      result.observe(unknownCost, series.cost.unknownAttempts, attributes);
    }
    for (const { agent, outcome, provider, rescued, count } of snapshot.calls) {
      result.observe(calls, count, {
        "babylon.agent": agent,
        "babylon.call.outcome": outcome,
        "babylon.call.provider": provider,
        "babylon.call.rescued": rescued,
      });
    }
    result.observe(overflow, snapshot.overflow.attempts, { "babylon.series.of": "attempts" });
    result.observe(overflow, snapshot.overflow.calls, { "babylon.series.of": "calls" });
  };
  const all = [attempts, calls, unknownUsage, cost, unknownCost, overflow, ...tokens.map(([instrument]) => instrument)];
  meter.addBatchObservableCallback(observe, all);
  return { close: () => meter.removeBatchObservableCallback(observe, all) };
}
