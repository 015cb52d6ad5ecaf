import type { Metrics, MetricsOptions } from "@babylon/telemetry";

/** Metrics of your own, or the options of new ones. */
export type MetricsOption = Metrics | MetricsOptions;

/** The metrics of an option: loads `@babylon/telemetry` only where it has to create them. Throws `invalid_input` for wrong options. */
export async function openMetrics(option: MetricsOption): Promise<Metrics> {
  if ("recorder" in option) return option;
  const { createMetrics } = await import("@babylon/telemetry");
  return createMetrics(option);
}
