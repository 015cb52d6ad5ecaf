/** The four providers of the chain, in its order: id, display name, and the variable that holds the key. */
export const PROVIDERS = [
  { id: "wandb", name: "Weights & Biases", envKey: "WANDB_API_KEY" },
  { id: "groq", name: "Groq", envKey: "GROQ_API_KEY" },
  { id: "claude", name: "Claude", envKey: "ANTHROPIC_API_KEY" },
  { id: "openai", name: "OpenAI", envKey: "OPENAI_API_KEY" },
] as const;

/** The id of one of the four. */
export type ProviderId = (typeof PROVIDERS)[number]["id"];
