import type { ExposureRow, ObservationRow, RecordMetric } from "./experiment-rows.ts";

/** The column of each metric of the record. */
export const COLUMN_OF: Readonly<Record<RecordMetric, string>> = {
  latencyMs: "latency_ms",
  firstTokenMs: "first_token_ms",
  costUsd: "cost_usd",
  failure: "failure",
  fallback: "fallback",
  outputTokens: "output_tokens",
  schemaFailures: "schema_failures",
};

/** The columns of an exposure with their types, which SQLite and Postgres both know. */
export const EXPOSURE_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["experiment", "TEXT NOT NULL"],
  ["version", "INTEGER NOT NULL"],
  ["unit", "TEXT NOT NULL"],
  ["call_id", "TEXT NOT NULL"],
  ["arm", "TEXT NOT NULL"],
  ["at", "BIGINT NOT NULL"],
  ["probability", "DOUBLE PRECISION NOT NULL"],
  ["served", "TEXT NOT NULL"],
  ["excluded", "TEXT"],
  ["shadow_of", "TEXT"],
  ...Object.values(COLUMN_OF).map((name) => [name, "DOUBLE PRECISION"] as const),
  ["tenant", "TEXT"],
];

/** A value of a column. */
export type ColumnValue = string | number | null;

/** The values of an exposure, in the order of {@link EXPOSURE_COLUMNS}. */
export function exposureValues(row: ExposureRow): ColumnValue[] {
  const { experiment, version, unit, callId, arm, at, probability, served, excluded, shadowOf, tenant, values } = row;
  return [
    experiment,
    version,
    unit,
    callId,
    arm,
    at,
    probability,
    served,
    excluded,
    shadowOf,
    values.latencyMs,
    values.firstTokenMs,
    values.costUsd,
    values.failure,
    values.fallback,
    values.outputTokens,
    values.schemaFailures,
    tenant,
  ];
}

/** Ids of calls cannot begin like this. */
export const UNIT_PREFIX = "/unit/";

/** The columns of an observation. */
export const OBSERVATION_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ["of", "TEXT NOT NULL"],
  ["metric", "TEXT NOT NULL"],
  ["value", "DOUBLE PRECISION NOT NULL"],
  ["at", "BIGINT NOT NULL"],
];

/** The values of an observation, in the order of {@link OBSERVATION_COLUMNS}. */
export function observationValues({ of, metric, value, at }: ObservationRow): ColumnValue[] {
  return ["callId" in of ? of.callId : `${UNIT_PREFIX}${of.unit}`, metric, value, at];
}
