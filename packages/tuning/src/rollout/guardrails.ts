import { type ExperimentGuardrail, invalidInput } from "@babylon/llm-core";

/** How much worse than the control a share may be. */
export interface ShareLimit {
  /** A share of calls from 0 to 1, such as 0.02 for 2 points. */
  readonly worseBy: number;
}

/** How much slower than the control a model may be. */
export interface LatencyLimit {
  /** Its 95th percentile may be so many times that of the control, 1 or more. */
  readonly times: number;
}

function shareRail(metric: string, { worseBy }: ShareLimit): ExperimentGuardrail {
  if (!(worseBy >= 0 && worseBy <= 1)) throw invalidInput("worseBy", "a share from 0 to 1");
  return { metric, worseBy };
}

/** The share of calls without an answer. Throws `invalid_input`. */
export const failureRate = (limit: ShareLimit): ExperimentGuardrail => shareRail("failure", limit);

/** The share of calls that another link has served: a model that is not served shows here, because its calls succeed. Throws `invalid_input`. */
export const fallbackRate = (limit: ShareLimit): ExperimentGuardrail => shareRail("fallback", limit);

/**
 * The 95th percentile of the latency, as the callers see it: with retries and fallbacks. It is violated when surely more than 5 % of the model's calls
 * take longer than `times` the control's 95th percentile, by a test that is valid at each look. Throws `invalid_input`.
 */
export function p95LatencyMs({ times }: LatencyLimit): ExperimentGuardrail {
  if (!(times >= 1 && Number.isFinite(times))) throw invalidInput("times", "a number, 1 or more");
  return { metric: "latencyMs", quantile: 0.95, times, worseBy: 0 };
}
