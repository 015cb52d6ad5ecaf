import { invalidInput } from "@babylon/llm-core";
import type { UnitHasher } from "../assign/unit-hasher.ts";
import type { Observation } from "../experiments.ts";
import type { ObservationRow } from "../rows/experiment-rows.ts";
import { isRecordMetric, type MetricDefinition } from "./metric.ts";

/** What an observation is checked with. */
export interface ObservationContext {
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  readonly hashOf: UnitHasher;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Checks an observation of a caller. Throws `invalid_input` with the name of the field. */
export function toObservation(observation: Observation, { metrics, hashOf, now }: ObservationContext): ObservationRow {
  const { callId, unit, metric, value, at = now } = observation;
  if ((callId === undefined) === (unit === undefined)) throw invalidInput("callId", "either callId or unit");
  const [field, id] = callId === undefined ? (["unit", unit] as const) : (["callId", callId] as const);
  if (typeof id !== "string" || id === "") throw invalidInput(field, "a text that is not empty");
  const names = Object.keys(metrics);
  if (typeof metric !== "string" || metric === "") throw invalidInput("metric", "the name of a metric");
  if (isRecordMetric(metric)) throw invalidInput("metric", "a metric that does not follow from the record of the call");
  if (names.length > 0 && !names.includes(metric)) throw invalidInput("metric", `one of ${names.join(", ")}`);
  if (!Number.isFinite(at) || at < 0) throw invalidInput("at", "epoch milliseconds");
  return {
    of: field === "unit" ? { unit: hashOf(id) } : { callId: id },
    metric,
    value: toValue(value, Object.hasOwn(metrics, metric) ? metrics[metric] : undefined),
    at: Math.round(at),
  };
}

function toValue(value: number | boolean, definition: MetricDefinition | undefined): number {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    throw invalidInput("value", "a finite number, true or false");
  if (definition?.kind === "ratio" && (number < 0 || number > 1))
    throw invalidInput("value", "a number from 0 to 1, true or false");
  return number;
}
