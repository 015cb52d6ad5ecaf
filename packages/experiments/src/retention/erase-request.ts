import { invalidInput } from "@babylon/llm-core";
import type { TenantHasher } from "../assign/tenant-hasher.ts";
import type { UnitHasher } from "../assign/unit-hasher.ts";
import type { EraseTarget } from "../rows/experiment-rows.ts";

/** What to forget: all calls of an agent or session, all calls of a tenant, or one call. */
export type EraseExperimentRows = { readonly unit: string } | { readonly tenant: string } | { readonly callId: string };

const FIELDS = ["unit", "tenant", "callId"] as const;

/** The rows of a request. Throws `invalid_input` unless exactly one field is a text. */
export function toEraseTarget(
  request: EraseExperimentRows,
  hashOf: UnitHasher,
  tenantHashOf: TenantHasher,
): EraseTarget {
  const given: Readonly<Partial<Record<(typeof FIELDS)[number], unknown>>> = request;
  const [field, other] = FIELDS.filter((name) => given[name] !== undefined);
  if (field === undefined || other !== undefined) throw invalidInput("unit", "one of unit, tenant and callId");
  const value = given[field];
  if (typeof value !== "string" || value === "") throw invalidInput(field, "a text that is not empty");
  if (field === "callId") return { callId: value };
  return field === "unit" ? { unit: hashOf(value) } : { tenant: tenantHashOf(value) ?? "" };
}
