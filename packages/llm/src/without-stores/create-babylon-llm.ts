import { createLLMClient, type LLMClient, type LLMClientOptions, type SettingsSource } from "@babylon/llm-core";
import { defaultProviders } from "../default-providers.ts";
import { type GivenSettings, toSettingsSource } from "../given-settings.ts";

/** Options of {@link createBabylonLLM}: those of `createLLMClient`, with the providers found for you. */
export interface BabylonLLMOptions extends Omit<LLMClientOptions, "providers" | "settings"> {
  /** Default: W&B, Groq, Claude and OpenAI, in this order. */
  readonly providers?: LLMClientOptions["providers"] | undefined;
  /** A source of your own, or a fixed value. Default: none. */
  readonly settings?: GivenSettings | undefined;
}

/** A client wired from the environment. */
export interface BabylonLLM extends LLMClient {
  readonly settings: SettingsSource;
}

/**
 * Wires the four providers from the environment, as the function of this name in `@babylon/llm`, and knows no store: for workers, and for
 * bundles that are to hold no code of stores. Throws `invalid_input` for wrong options.
 */
export async function createBabylonLLM(options: BabylonLLMOptions = {}): Promise<BabylonLLM> {
  const { settings: given = {}, providers = defaultProviders(), ...rest } = options;
  const settings = toSettingsSource(given);
  return { ...createLLMClient({ ...rest, providers, settings }), settings };
}
