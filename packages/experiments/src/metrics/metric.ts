import { invalidInput } from "@babylon/llm-core";
import type { Judge } from "../judge/judge-contract.ts";
import { type MetricSource, RECORD_METRICS, type RecordMetric } from "../rows/experiment-rows.ts";

/** A metric that is observed after the call. */
export interface MetricDefinition {
  /** `ratio`: yes or no, or a number from 0 to 1. `mean`: any number. */
  readonly kind: "ratio" | "mean";
  /** Observations count until this long after the start of the call, milliseconds. Default 24 hours. */
  readonly windowMs: number;
  /** Gives the values; `null`: the application does. */
  readonly judge: Judge | null;
}

/** Options of {@link ratio} and {@link mean}. */
export interface MetricOptions {
  /** Observations count until this long after the start of the call, milliseconds. Default 24 hours. */
  readonly windowMs?: number | undefined;
}

/** The default of `windowMs`. */
export const DEFAULT_WINDOW_MS: number = 24 * 3_600_000;

function checkedWindow({ windowMs = DEFAULT_WINDOW_MS }: MetricOptions): number {
  if (!(windowMs > 0) || !Number.isFinite(windowMs)) throw invalidInput("windowMs", "a number of milliseconds above 0");
  return Math.round(windowMs);
}

/** A metric of yes and no, such as whether an answer was accepted. Throws `invalid_input` for a window that is not above 0. */
export const ratio = (options: MetricOptions = {}): MetricDefinition => ({
  kind: "ratio",
  windowMs: checkedWindow(options),
  judge: null,
});

/** A metric that is a number, such as points. Throws `invalid_input` for a window that is not above 0. */
export const mean = (options: MetricOptions = {}): MetricDefinition => ({
  kind: "mean",
  windowMs: checkedWindow(options),
  judge: null,
});

/** Whether a metric follows from the record of a call. */
export const isRecordMetric = (name: string): name is RecordMetric => RECORD_METRICS.some((metric) => metric === name);

/** Where the values of a metric are from. A metric that the code does not define is one that is observed. */
export function sourceOf(name: string, definitions: Readonly<Record<string, MetricDefinition>>): MetricSource {
  if (isRecordMetric(name)) return { kind: "record", metric: name };
  const windowMs = Object.hasOwn(definitions, name) ? definitions[name]?.windowMs : undefined;
  return { kind: "observed", metric: name, windowMs: windowMs ?? DEFAULT_WINDOW_MS };
}
