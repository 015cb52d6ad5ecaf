import type { Provider } from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";

/** The four providers in their order of priority, with keys, models and base URLs from the environment. */
export function defaultProviders(): Provider[] {
  return [wandb(), groq(), claude(), openai()];
}
