import type { MakeContestant } from "./contestant.ts";

/** The contestants and their loaders. Each runs in a separate process. */
export const CONTESTANTS = {
  babylon: async () => (await import("./babylon.ts")).babylonOpenAI,
  "babylon-documented": async () => (await import("./babylon-documented.ts")).babylonDocumented,
  "babylon-claude": async () => (await import("./babylon.ts")).babylonClaude,
  openai: async () => (await import("./openai-sdk.ts")).openaiSDK,
  anthropic: async () => (await import("./anthropic-sdk.ts")).anthropicSDK,
  "ai-sdk": async () => (await import("./ai-sdk.ts")).aiSDK,
  "ai-fallback": async () => (await import("./ai-fallback.ts")).aiFallback,
  transport: async () => (await import("./transport.ts")).transportAlone,
  undici: async () => (await import("./undici.ts")).undiciAlone,
  langchain: async () => (await import("./langchain.ts")).langchain,
} as const satisfies Readonly<Record<string, () => Promise<MakeContestant>>>;

export type ContestantName = keyof typeof CONTESTANTS;
