import type { BudgetRule } from "@babylon/llm-core";

/** Budgets of the code for simulated providers. The first refuses nothing with the usual background calls; the others only warn. */
export const SIMULATED_BUDGETS: readonly BudgetRule[] = [
  { id: "hour", scope: "all", per: "hour", timeZone: "Europe/Berlin", limitUsd: 1 },
  { id: "tenants", scope: { tenant: "*" }, per: "hour", limitUsd: 0.05, atLimit: "warn" },
  // Soon over its limit, so that there is something to see.
  { id: "reporter", scope: { agent: "reporter" }, per: { rollingMs: 600_000 }, limitTokens: 2_000, atLimit: "warn" },
];
