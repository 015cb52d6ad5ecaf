import { defaultProviders } from "@babylon/llm";
import type { Env } from "@babylon/llm-core";
import { type FaultRule, startProviderSimulator } from "@babylon/llm-testing";

/** The providers of an example: the real ones, or the simulator. */
export interface ExampleBackend {
  /** Keys and base URLs, for `createBabylonLLM({ env })`. */
  readonly env: Env;
  /** The first line of the output: names the providers. */
  readonly firstLine: string;
  close(): Promise<void>;
}

/** Uses the keys of the environment; without any, starts a simulator of all four providers with the given faults. */
export async function keysOrSimulator(env: Env, faults: readonly FaultRule[] = []): Promise<ExampleBackend> {
  const names = defaultProviders().flatMap((provider) => (provider.isConfigured(env) ? [provider.name] : []));
  if (names.length > 0) return { env, firstLine: `Calls go to ${names.join(", ")}.`, close: async () => {} };
  const simulator = await startProviderSimulator({ faults });
  return {
    // The simulator is local and needs no proxy.
    env: { ...simulator.env, no_proxy: "*" },
    firstLine: "No key is set: a simulator of the four providers returns generated answers.",
    close: () => simulator.close(),
  };
}
