import { defaultProviders } from "@babylon/llm";
import type { Env } from "@babylon/llm-core";
import { type FaultRule, startProviderSimulator } from "@babylon/llm-testing";

/** Who answers an example's calls. */
export interface ExampleBackend {
  /** Keys and base URLs, for `createBabylonLLM({ env })`. */
  readonly env: Env;
  /** Says which of the two it is. */
  readonly firstLine: string;
  close(): Promise<void>;
}

/** Takes the keys of the environment; where there is none, starts a simulator of all four providers, broken as asked. */
export async function keysOrSimulator(env: Env, faults: readonly FaultRule[] = []): Promise<ExampleBackend> {
  const names = defaultProviders().flatMap((provider) => (provider.isConfigured(env) ? [provider.name] : []));
  if (names.length > 0) return { env, firstLine: `Calls go to ${names.join(", ")}.`, close: async () => {} };
  const simulator = await startProviderSimulator({ faults });
  return {
    // It is on this machine, where no proxy has to be asked.
    env: { ...simulator.env, no_proxy: "*" },
    firstLine: "No key is set: a simulator of the four providers answers, and its answers are made up.",
    close: () => simulator.close(),
  };
}
