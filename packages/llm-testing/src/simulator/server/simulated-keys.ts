import { SIMULATED_PROVIDERS, type SimulatedProvider } from "../simulated-provider.ts";

/** The keys that the simulator accepts. They have the vendors' formats, so that redaction applies to them. */
export const SIMULATED_KEYS: Readonly<Record<SimulatedProvider, string>> = {
  wandb: "00000000000051b0a7ed000000000000000000aa",
  groq: "gsk_simulatedGroqKeyForTestsOnly00000000000000000000",
  claude: "sk-ant-simulated-claude-key-for-tests-only-0000000000",
  openai: "sk-proj-simulated-openai-key-for-tests-only-000000000",
};

const VARIABLES: Readonly<Record<SimulatedProvider, readonly [key: string, baseURL: string]>> = {
  wandb: ["WANDB_API_KEY", "WANDB_BASE_URL"],
  groq: ["GROQ_API_KEY", "GROQ_BASE_URL"],
  claude: ["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"],
  openai: ["OPENAI_API_KEY", "OPENAI_BASE_URL"],
};

/** The environment that points a client at a simulator. */
export type SimulatorEnv = Readonly<Record<string, string>>;

/** Keys and base URLs of all four providers, by the names of their variables. */
export function simulatorEnv(baseURLs: Readonly<Record<SimulatedProvider, string>>): SimulatorEnv {
  const env: Record<string, string> = {};
  for (const provider of SIMULATED_PROVIDERS) {
    const [key, baseURL] = VARIABLES[provider];
    env[key] = SIMULATED_KEYS[provider];
    env[baseURL] = baseURLs[provider];
  }
  return env;
}
