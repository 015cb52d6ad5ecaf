import type { UnitHasher } from "./unit-hasher.ts";

/** The keyed hash of a tenant; `null`: the call has none. Unlike that of a unit with the same name. */
export type TenantHasher = (tenant: string | null) => string | null;

/** Tenants that are remembered. A service has fewer at a time. */
const MAX_REMEMBERED = 5_000;

/** Creates a hasher that computes each tenant once: every call with a tenant asks for it. */
export function createTenantHasher(hashOf: UnitHasher): TenantHasher {
  const remembered = new Map<string, string>();
  return (tenant) => {
    if (tenant === null) return null;
    const known = remembered.get(tenant);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const hash = hashOf(`tenant/${tenant}`);
    remembered.set(tenant, hash);
    return hash;
  };
}
