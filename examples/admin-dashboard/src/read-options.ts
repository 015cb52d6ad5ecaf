import type { Env } from "@babylon/llm-core";
import type { DashboardOptions } from "./start-dashboard.ts";

/** The options of the dashboard from the environment; keys and settings are read where they are used. */
export type OwnOptions = Pick<DashboardOptions, "port" | "token" | "trafficEveryMs" | "simulate">;

function wholeNumber(env: Env, name: string, max: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name}: expected a whole number from 0 to ${max}`);
  }
  return value;
}

/**
 * Reads `PORT` (default 4300), `DASHBOARD_TOKEN` (default: a new one) and `DASHBOARD_TRAFFIC_MS` (between two background calls; 0:
 * none) and `DASHBOARD_SIMULATE` (0: no simulator when no key is set). Throws RangeError with the variable's name.
 */
export function readOptions(env: Env): OwnOptions {
  const every = wholeNumber(env, "DASHBOARD_TRAFFIC_MS", 3_600_000);
  return {
    port: wholeNumber(env, "PORT", 65_535) ?? 4300,
    token: env.DASHBOARD_TOKEN === "" ? undefined : env.DASHBOARD_TOKEN,
    trafficEveryMs: every === 0 ? null : every,
    simulate: env.DASHBOARD_SIMULATE !== "0",
  };
}
