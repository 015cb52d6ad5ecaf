import { defaultProviders } from "@babylon/llm";
import type { Env } from "@babylon/llm-core";
import {
  type ProviderSimulator,
  SIMULATED_PROVIDERS,
  type SimulatedProvider,
  startProviderSimulator,
} from "@babylon/llm-testing";

/** The environment of the calls, and the simulator, if any. */
export interface FoundProviders {
  readonly env: Env;
  /** `null`: there are real keys. */
  readonly simulator: ProviderSimulator | null;
}

/** Uses the keys of the environment; without any, a simulator of all four providers, unless it is disabled. */
export async function findProviders(env: Env, simulate: boolean): Promise<FoundProviders> {
  if (!simulate || defaultProviders().some((provider) => provider.isConfigured(env))) return { env, simulator: null };
  const simulator = await startProviderSimulator({ latencyMs: [120, 480], recordBodies: false });
  // The simulator is local and needs no proxy.
  return { env: { ...env, ...simulator.env, no_proxy: "*" }, simulator };
}

/** The simulated provider with a name, if there is one. */
export function toSimulatedProvider(name: unknown): SimulatedProvider | undefined {
  return SIMULATED_PROVIDERS.find((provider) => provider === name);
}
