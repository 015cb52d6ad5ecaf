import type { SystemSettings } from "@babylon/admin-api/contract";
import { rulesOf } from "./budget-rules.ts";

/** Names of callers. */
export interface KnownNames {
  readonly agents: readonly string[];
  readonly purposes: readonly string[];
  readonly tenants: readonly string[];
}

const unique = (names: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(names.flatMap((name) => (name === undefined || name === "" || name === "*" ? [] : [name]))),
];

/** The agents, purposes and tenants that settings name. Pure. */
export function namesInSettings(settings: SystemSettings): KnownNames {
  const audiences = Object.values(settings.experiments ?? {}).map(({ audience }) => audience ?? {});
  const scopes = rulesOf(settings).flatMap(({ scope }) => (scope === "all" ? [] : [scope]));
  return {
    agents: unique([
      ...Object.keys(settings.agents),
      ...audiences.flatMap(({ agents = [] }) => agents),
      ...scopes.map(({ agent }) => agent),
    ]),
    purposes: unique([...audiences.flatMap(({ purposes = [] }) => purposes), ...scopes.map(({ purpose }) => purpose)]),
    tenants: unique([...audiences.flatMap(({ tenants = [] }) => tenants), ...scopes.map(({ tenant }) => tenant)]),
  };
}

/** Names in the order of some lists, each once. Pure. */
export const mergeNames = (...lists: readonly (readonly string[])[]): readonly string[] => unique(lists.flat());
