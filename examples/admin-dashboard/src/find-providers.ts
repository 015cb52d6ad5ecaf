import { defaultProviders } from "@babylon/llm";
import type { Env } from "@babylon/llm-core";
import {
  type ProviderSimulator,
  SIMULATED_PROVIDERS,
  type SimulatedProvider,
  startProviderSimulator,
} from "@babylon/llm-testing";

/** The environment to call with, and the simulator behind it, if any. */
export interface FoundProviders {
  readonly env: Env;
  /** `null`: there are real keys. */
  readonly simulator: ProviderSimulator | null;
}

/** Takes the keys of the environment; where there is none, a simulator with all four, unless that is not wanted. */
export async function findProviders(env: Env, simulate: boolean): Promise<FoundProviders> {
  if (!simulate || defaultProviders().some((provider) => provider.isConfigured(env))) return { env, simulator: null };
  const simulator = await startProviderSimulator({ latencyMs: [120, 480], recordBodies: false });
  // It is on this machine, where no proxy has to be asked.
  return { env: { ...env, ...simulator.env, no_proxy: "*" }, simulator };
}

/** The provider of a name, where there is one to break. */
export function toSimulatedProvider(name: unknown): SimulatedProvider | undefined {
  return SIMULATED_PROVIDERS.find((provider) => provider === name);
}
