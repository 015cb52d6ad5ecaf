import type { BreakerOptions, Env, Timeouts } from "@babylon/llm-core";
import { type Fault, type FaultRule, startProviderSimulator } from "@babylon/llm-testing";
import { loadPhrases } from "../world/load-world.ts";
import type { FaultName, RequestedFault } from "./parse-faults.ts";
import type { TickFlags } from "./parse-flags.ts";
import { PROVIDERS } from "./providers.ts";
import type { TickEnvironment } from "./read-tick-environment.ts";

/** The providers of a tick: the real ones, or the simulator. */
export interface TickBackend {
  readonly kind: "simulator" | "keys";
  /** The first line of the output: names the providers. */
  readonly firstLine: string;
  /** Keys and base URLs. */
  readonly env: Env;
  readonly timeouts: Timeouts;
  readonly breaker: BreakerOptions;
  close(): Promise<void>;
}

/** Short: the simulator is slow only with a fault. */
const SIMULATOR_LIMITS: Timeouts = { firstTokenMs: 2_000, idleMs: 2_000, attemptMs: 4_000, totalMs: null };

/** The default limits of each model; the deadline of the tick bounds every call. */
const REAL_LIMITS: Timeouts = { totalMs: null };

/** The latency of the simulated vendors, in milliseconds, so that progress is visible. */
const LATENCY_MS = [20, 160] as const;

/** The default fault: one W&B call in five fails with all its attempts, chosen by the prompt, so that it is deterministic. */
const ONE_IN_FIVE: FaultRule = {
  provider: "wandb",
  fault: { kind: "status", status: 503 },
  probability: 0.2,
  per: "prompt",
};

/** High thresholds: with the defaults, the breaker would soon open for a provider that fails every fifth call, and hide the fallbacks. */
const TOLERANT_BREAKER: BreakerOptions = { consecutiveFailures: 100, failureRate: 0.9 };

/** The simulator's fault for each name. `slow` exceeds the limit for the first part. */
const FAULTS: Readonly<Record<FaultName, Fault>> = {
  hang: { kind: "hang" },
  slow: { kind: "slow", delayMs: 5_000 },
  stall: { kind: "stall" },
  reset: { kind: "reset", when: "mid-stream" },
  truncate: { kind: "truncate" },
  malformed: { kind: "malformed" },
  html: { kind: "html" },
  empty: { kind: "empty" },
  error: { kind: "error-200" },
  "wrong-shape": { kind: "wrong-shape" },
};

/** Uses the configured keys, or starts the simulator if there are none or if it was requested. */
export async function openTickBackend(flags: TickFlags, environment: TickEnvironment): Promise<TickBackend> {
  if (environment.withKey.length > 0 && !flags.simulator) return useKeys(environment);
  const faults = flags.faults.length === 0 ? [ONE_IN_FIVE] : flags.faults.map(toFaultRule);
  const simulator = await startProviderSimulator({
    seed: flags.seed,
    faults,
    latencyMs: LATENCY_MS,
    phrases: await loadPhrases(),
    recordBodies: false,
  });
  return {
    kind: "simulator",
    firstLine: [
      flags.simulator ? "--simulator" : "No API key found",
      `: this tick runs against a simulator of the four providers on ${simulator.url}, where ${describe(flags.faults)}.`,
    ].join(""),
    // Only the simulator's variables: it does not know the user's models or projects.
    env: simulator.env,
    timeouts: SIMULATOR_LIMITS,
    breaker: flags.faults.length === 0 ? TOLERANT_BREAKER : {},
    close: () => simulator.close(),
  };
}

/** Converts a fault of the command line into a rule of the simulator. */
export function toFaultRule({ provider, fault }: RequestedFault): FaultRule {
  return { provider, fault: typeof fault === "number" ? { kind: "status", status: fault } : FAULTS[fault] };
}

function useKeys({ env, withKey }: TickEnvironment): TickBackend {
  const names = PROVIDERS.filter(({ id }) => withKey.includes(id)).map(({ name }) => name);
  return {
    kind: "keys",
    firstLine: `This tick calls ${names.join(", ")} with your key${names.length === 1 ? "" : "s"}.`,
    env,
    timeouts: REAL_LIMITS,
    breaker: {},
    close: async () => {},
  };
}

function describe(faults: readonly RequestedFault[]): string {
  if (faults.length === 0) return "one W&B call in five fails on purpose";
  return `on purpose ${faults.map(({ provider, fault }) => `${provider} answers with ${fault}`).join(", ")}`;
}
