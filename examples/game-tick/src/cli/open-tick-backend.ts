import type { BreakerOptions, Env, Timeouts } from "@babylon/llm-core";
import { type Fault, type FaultRule, startProviderSimulator } from "@babylon/llm-testing";
import { loadPhrases } from "../world/load-world.ts";
import type { FaultName, RequestedFault } from "./parse-faults.ts";
import type { TickFlags } from "./parse-flags.ts";
import { PROVIDERS } from "./providers.ts";
import type { TickEnvironment } from "./read-tick-environment.ts";

/** Who answers the calls of a tick: the real providers, or the simulator. */
export interface TickBackend {
  readonly kind: "simulator" | "keys";
  /** The first line of the output: says what is being called. */
  readonly firstLine: string;
  /** Keys and base URLs. */
  readonly env: Env;
  readonly timeouts: Timeouts;
  readonly breaker: BreakerOptions;
  close(): Promise<void>;
}

/** Against the simulator nothing takes long unless it was broken on purpose. */
const SIMULATOR_LIMITS: Timeouts = { firstTokenMs: 2_000, idleMs: 2_000, attemptMs: 4_000, totalMs: null };

/** The vendors' models keep the limits that suit them; the deadline of the tick ends every call. */
const REAL_LIMITS: Timeouts = { totalMs: null };

/** What the simulated vendors take to answer, milliseconds: enough to see the tick move. */
const LATENCY_MS = [20, 160] as const;

/** Without other wishes one W&B call in five fails, with all its attempts: the prompt decides, and it is the same each time. */
const ONE_IN_FIVE: FaultRule = {
  provider: "wandb",
  fault: { kind: "status", status: 503 },
  probability: 0.2,
  per: "prompt",
};

/**
 * A provider that loses every fifth call for good, several at a time, would soon be left alone by the breaker, and nothing more of
 * the chain be seen. So here it takes a lot to open it.
 */
const PATIENT: BreakerOptions = { consecutiveFailures: 100, failureRate: 0.9 };

/** How each kind is done. `slow` is later than the limit for the first part allows. */
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

/** Takes the keys there are, or starts the simulator when there is none or it was asked for. */
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
      flags.simulator ? "As asked" : "No API key found",
      `: this tick runs against a simulator of the four providers on ${simulator.url}, where ${describe(flags.faults)}.`,
    ].join(""),
    // Only its own variables: a model or a project of the user's would be unknown to it.
    env: simulator.env,
    timeouts: SIMULATOR_LIMITS,
    breaker: flags.faults.length === 0 ? PATIENT : {},
    close: () => simulator.close(),
  };
}

/** The rule of the simulator for a fault of the command line. */
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
