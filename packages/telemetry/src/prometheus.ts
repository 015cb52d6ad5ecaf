export type { BudgetReading } from "./prometheus/budget-gauges.ts";
export { type PrometheusOptions, prometheusText } from "./prometheus/prometheus-text.ts";
