/** The conventions' names of providers, where they differ from ours. They have none for Weights & Biases: its id is used as it is. */
const NAMES: Readonly<Record<string, string>> = { claude: "anthropic" };

/** The value of `gen_ai.provider.name`. */
export const toProviderName = (provider: string): string => NAMES[provider] ?? provider;
