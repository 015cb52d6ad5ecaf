export { type PrometheusOptions, prometheusText } from "./prometheus/prometheus-text.ts";
