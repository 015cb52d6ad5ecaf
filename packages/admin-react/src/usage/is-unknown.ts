import type { UsageRow } from "@babylon/admin-api/contract";

/** Whether nothing of a sum is known: attempts that were refused cost nothing, which is no sum beside others whose cost is not known. */
export const isUnknown = ({ attempts }: UsageRow, unknown: number, sum: number): boolean =>
  unknown > 0 && (unknown >= attempts || sum === 0);
