import type { CallRecord } from "@babylon/llm-core";
import type { TenantHasher } from "../assign/tenant-hasher.ts";
import type { ExposureRow } from "../rows/experiment-rows.ts";
import { fallbackValue, recordValues } from "./record-values.ts";

/** The rows of a call: one for each experiment that it is assigned to or excluded from. */
export function exposureRows(record: CallRecord, tenantHashOf: TenantHasher): readonly ExposureRow[] {
  const { experiments = [], callId, startedAt, tenant } = record;
  if (experiments.length === 0) return [];
  const values = recordValues(record);
  const tenantHash = tenantHashOf(tenant);
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
        tenant: tenantHash,
        values: { ...values, fallback: fallbackValue(exposure, record) },
      },
    ];
  });
}
