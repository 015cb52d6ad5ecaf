import {
  createLLMClient,
  type LLMClient,
  type LLMClientOptions,
  type SettingsSource,
  systemClock,
} from "@babylon/llm-core";
import { type PricerOption, toPricer } from "../default-pricer.ts";
import { defaultProviders } from "../default-providers.ts";
import { type GivenSettings, toSettingsSource } from "../given-settings.ts";

/** Options of {@link createBabylonLLM}: those of `createLLMClient`, with the providers found for you. */
export interface BabylonLLMOptions extends Omit<LLMClientOptions, "providers" | "settings" | "pricer"> {
  /** Default: W&B, Groq, Claude and OpenAI, in this order. */
  readonly providers?: LLMClientOptions["providers"] | undefined;
  /** A source of your own, or a fixed value. Default: none. */
  readonly settings?: GivenSettings | undefined;
  /** Prices each attempt. Default: the vendors' price lists, loaded by the first call. `false`: no prices; costs are `null`. */
  readonly pricer?: PricerOption;
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
  const { settings: given = {}, providers = defaultProviders(), pricer, ...rest } = options;
  const { logger, clock = systemClock } = rest;
  const settings = toSettingsSource(given);
  const priced = toPricer(pricer, { logger, now: () => clock.now() });
  return { ...createLLMClient({ ...rest, providers, settings, pricer: priced }), settings };
}
