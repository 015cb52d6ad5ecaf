import type { LLMClient } from "@babylon/llm-core";
import type { CallSeries, Metrics, MetricsSnapshot } from "../metrics/metrics.ts";
import { attemptFamilies, attemptHistograms } from "./attempt-families.ts";
import { type BudgetReading, budgetGauges } from "./budget-gauges.ts";
import { type Family, familyText, histogramText } from "./exposition.ts";
import { healthGauges } from "./health-gauges.ts";

/** Options of {@link prometheusText}. */
export interface PrometheusOptions {
  /** The client whose load and breakers are exported as gauges. Default: no gauges. */
  readonly client?: Pick<LLMClient, "health"> | undefined;
  /** The windows of budgets that are exported as gauges, one for each rule: `await llm.budget?.status()`. Default: no gauges. */
  readonly budgets?: readonly BudgetReading[] | undefined;
}

const callsFamily = (calls: readonly CallSeries[]): Family => ({
  name: "babylon_calls_total",
  help: "Calls. provider: who answered, none if nobody did. rescued: served although an attempt had failed.",
  type: "counter",
  samples: calls.map(({ agent, outcome, provider, rescued, count }) => ({
    labels: { agent, outcome, provider, rescued: String(rescued) },
    value: count,
  })),
});

const overflowFamily = ({ attempts, calls }: MetricsSnapshot["overflow"]): Family => ({
  name: "babylon_series_overflow_total",
  help: "Attempts and calls that were counted with the label other, because there were as many series as maxSeries.",
  type: "counter",
  samples: [
    { labels: { of: "attempts" }, value: attempts },
    { labels: { of: "calls" }, value: calls },
  ],
});

/**
 * Metrics in Prometheus's text format 0.0.4: serve it as `text/plain; version=0.0.4; charset=utf-8`. All names begin with `babylon_`.
 * Counters are those of this process since the metrics were created.
 */
export function prometheusText(metrics: Metrics, { client, budgets }: PrometheusOptions = {}): string {
  const { attempts, calls, overflow } = metrics.snapshot();
  const families = [
    callsFamily(calls),
    ...attemptFamilies(attempts),
    overflowFamily(overflow),
    ...(client === undefined ? [] : healthGauges(client.health())),
    ...(budgets === undefined ? [] : budgetGauges(budgets)),
  ];
  return families.map(familyText).join("") + attemptHistograms(attempts).map(histogramText).join("");
}
