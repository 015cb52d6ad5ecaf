import type { Attempt } from "@babylon/llm-core";
import type { Attributes, Context, Histogram, Meter } from "@opentelemetry/api";
import { HISTOGRAM_EDGES } from "../metrics/histogram-edges.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { NameChoice } from "./convention-names.ts";
import { observeCounters } from "./observe-counters.ts";
import { linkAttributes } from "./request-attributes.ts";

/** The instruments of one meter. */
export interface Instruments {
  record(attempt: Attempt, context: Context): void;
  /** Ends the observation of the counters. */
  close(): void;
}

/** The edges of `gen_ai.client.token.usage` in the conventions 1.41: the powers of 4. */
const TOKEN_EDGES: readonly number[] = Array.from({ length: 14 }, (_, power) => 4 ** power);

const seconds = (meter: Meter, name: string, description: string): Histogram =>
  meter.createHistogram(name, {
    unit: "s",
    description,
    advice: { explicitBucketBoundaries: [...HISTOGRAM_EDGES] },
  });

const DURATION = "Duration of a request to a model.";
const FIRST_CHUNK = "Time to the first part of a streamed answer.";

/** What an attempt that lost to another one ended with: its duration is not that of an answer. */
function errorType({ outcome, error }: Attempt): string | undefined {
  return outcome === "cancelled" ? "cancelled" : error?.code;
}

function attributesOf(attempt: Attempt): Attributes {
  const error = errorType(attempt);
  const attributes = linkAttributes(attempt);
  return error === undefined ? attributes : { ...attributes, "error.type": error };
}

/** Creates the instruments: histograms are recorded as attempts end, counters are read from the metrics when they are collected. */
export function createInstruments(meter: Meter, metrics: Metrics | undefined, names: NameChoice): Instruments {
  const prefixes = [
    ...(names.current ? ["gen_ai.client.inference"] : []),
    ...(names.old ? ["gen_ai.client.operation"] : []),
  ];
  const durations = prefixes.map((prefix) => seconds(meter, `${prefix}.duration`, DURATION));
  const firstChunks = prefixes.map((prefix) => seconds(meter, `${prefix}.time_to_first_chunk`, FIRST_CHUNK));
  const tokens = names.old
    ? meter.createHistogram("gen_ai.client.token.usage", {
        unit: "{token}",
        description: "Input and output tokens of a request to a model.",
        advice: { explicitBucketBoundaries: [...TOKEN_EDGES] },
      })
    : null;
  const counters = metrics === undefined ? null : observeCounters(meter, metrics, names);

  return {
    record(attempt, context) {
      const attributes = attributesOf(attempt);
      for (const histogram of durations) histogram.record(attempt.durationMs / 1_000, attributes, context);
      const { transport, firstTokenMs, usage } = attempt;
      if (transport === "stream" && firstTokenMs !== null) {
        for (const histogram of firstChunks) histogram.record(firstTokenMs / 1_000, attributes, context);
      }
      if (tokens === null || usage === undefined) return;
      const { inputTokens, outputTokens } = usage;
      if (inputTokens !== null) tokens.record(inputTokens, { ...attributes, "gen_ai.token.type": "input" }, context);
      if (outputTokens !== null) tokens.record(outputTokens, { ...attributes, "gen_ai.token.type": "output" }, context);
    },
    close: () => counters?.close(),
  };
}
