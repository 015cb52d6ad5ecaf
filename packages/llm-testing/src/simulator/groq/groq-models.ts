/** Groq's rules for a model. */
export interface GroqModel {
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly ownedBy: string;
  readonly images: boolean;
  /** The values of `reasoning_effort`; empty: not a reasoning model. */
  readonly efforts: readonly string[];
  /** `json_schema`: enforced, best effort, or not supported. */
  readonly schema: "strict" | "best-effort" | "none";
}

const GPT_OSS: GroqModel = {
  contextTokens: 131_072,
  maxOutputTokens: 65_536,
  ownedBy: "OpenAI",
  images: false,
  efforts: ["low", "medium", "high"],
  schema: "strict",
};

const QWEN: GroqModel = {
  contextTokens: 131_072,
  maxOutputTokens: null,
  ownedBy: "Alibaba Cloud",
  images: true,
  efforts: ["none", "default"],
  schema: "none",
};

const COMPOUND: GroqModel = {
  contextTokens: 131_072,
  maxOutputTokens: null,
  ownedBy: "Groq",
  images: false,
  efforts: [],
  schema: "none",
};

/** The models on 2026-11-22. Sources: Groq's models and structured-outputs pages (2026-06 to 2026-10), `groq-sdk` 1.6 (2026-08-25). */
export const GROQ_MODELS: Readonly<Record<string, GroqModel>> = {
  "openai/gpt-oss-120b": GPT_OSS,
  "openai/gpt-oss-20b": GPT_OSS,
  "openai/gpt-oss-safeguard-20b": { ...GPT_OSS, schema: "best-effort" },
  "qwen/qwen3.8-27b": { ...QWEN, efforts: ["none", "default", "low", "medium", "high"], schema: "strict" },
  "qwen/qwen3.6-27b": QWEN,
  "groq/compound": COMPOUND,
  "groq/compound-mini": COMPOUND,
};

/** Ids that Groq reports as decommissioned with status 400. Other retired ids return 404, like unknown ids. */
export const GROQ_DECOMMISSIONED: ReadonlySet<string> = new Set([
  "mixtral-8x7b-32768",
  "gemma2-9b-it",
  "llama3-70b-8192",
  "llama3-8b-8192",
  "moonshotai/kimi-k2-instruct",
  "moonshotai/kimi-k2-instruct-0905",
  "qwen/qwen3-32b",
]);
