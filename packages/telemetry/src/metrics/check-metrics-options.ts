import { invalidInput } from "@babylon/llm-core";
import type { MetricsOptions } from "./metrics.ts";
import { OTHER_LABEL } from "./series-table.ts";

/** The label of calls without an agent, and of calls that no provider answered. */
export const NO_LABEL = "none";

const LEAST_SERIES = 10;
const DEFAULT_SERIES = 2_000;

/** Resolved options of `createMetrics`. */
export interface MetricsConfig {
  readonly agents: ReadonlySet<string>;
  readonly maxSeries: number;
}

/** Checks the options of `createMetrics`. Throws `invalid_input`. */
export function checkMetricsOptions({ agents = [], maxSeries = DEFAULT_SERIES }: MetricsOptions): MetricsConfig {
  if (!Array.isArray(agents)) throw invalidInput("agents", "must be a list of names");
  for (const [at, agent] of agents.entries()) {
    if (typeof agent !== "string" || agent === "") throw invalidInput(`agents[${at}]`, "must be a name");
    if (agent === OTHER_LABEL || agent === NO_LABEL) {
      throw invalidInput(`agents[${at}]`, `"${agent}" is a label of its own`);
    }
  }
  if (!Number.isSafeInteger(maxSeries) || maxSeries < LEAST_SERIES) {
    throw invalidInput("maxSeries", `must be an integer of at least ${LEAST_SERIES}`);
  }
  return { agents: new Set(agents), maxSeries };
}
