import type { ExperimentRows, ExposureRow, MetricSource, RowsQuery, UnitSums } from "../rows/experiment-rows.ts";

export const AT = 1_780_000_000_000;
export const HOUR_MS = 3_600_000;

/** An exposure with values that a test does not care about. */
export function exposureRow(
  over: Partial<Omit<ExposureRow, "values">> & { values?: Partial<ExposureRow["values"]> },
): ExposureRow {
  const { values, ...rest } = over;
  return {
    experiment: "npc-model",
    version: 1,
    arm: "control",
    unit: "u1",
    callId: "c1",
    at: AT,
    probability: 0.5,
    served: "intended",
    excluded: null,
    shadowOf: null,
    tenant: null,
    ...rest,
    values: {
      latencyMs: 100,
      firstTokenMs: null,
      costUsd: null,
      failure: 0,
      fallback: 0,
      outputTokens: null,
      schemaFailures: null,
      ...values,
    },
  };
}

export const LATENCY: Extract<MetricSource, { readonly kind: "record" }> = { kind: "record", metric: "latencyMs" };
export const ACCEPTED: MetricSource = { kind: "observed", metric: "accepted", windowMs: HOUR_MS };
export const query = (metrics: readonly MetricSource[], now: number = AT): RowsQuery => ({
  experiment: "npc-model",
  version: 1,
  metrics,
  now,
});

/** All units of a query, by their arm. */
export async function allUnits(rows: ExperimentRows, of: RowsQuery): Promise<readonly UnitSums[]> {
  const units: UnitSums[] = [];
  for await (const page of rows.unitSums(of)) units.push(...page);
  return units;
}
