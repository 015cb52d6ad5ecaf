import type { CallRecord } from "@babylon/llm-core";
import type { ExposureRow } from "../rows/experiment-rows.ts";
import { fallbackValue, recordValues } from "./record-values.ts";

/** The rows of a call: one for each experiment that it is assigned to or excluded from. */
export function exposureRows(record: CallRecord): readonly ExposureRow[] {
  const { experiments = [], callId, startedAt } = record;
  if (experiments.length === 0) return [];
  const values = recordValues(record);
  return experiments.flatMap((exposure): readonly ExposureRow[] => {
    const { experiment, version, arm, unit, probability, served, excluded = null } = exposure;
    // Another router may not know units.
    if (unit === undefined) return [];
    return [
      {
        experiment,
        version,
        arm,
        unit,
        callId,
        at: startedAt,
        probability,
        served,
        excluded,
        shadowOf: null,
        values: { ...values, fallback: fallbackValue(exposure, record) },
      },
    ];
  });
}
