/** The simulated vendors. */
export type SimulatedProvider = "wandb" | "groq" | "claude" | "openai";

/** In the order of the priority chain. */
export const SIMULATED_PROVIDERS: readonly SimulatedProvider[] = ["wandb", "groq", "claude", "openai"];

/** Whether a value names one of the vendors. */
export function isSimulatedProvider(value: unknown): value is SimulatedProvider {
  return SIMULATED_PROVIDERS.some((provider) => provider === value);
}
