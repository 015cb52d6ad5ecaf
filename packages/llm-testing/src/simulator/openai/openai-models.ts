import type { ReasoningEffort } from "@babylon/llm-core";

/** The rules of OpenAI's Chat Completions for a model. */
export interface OpenAIModel {
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** Empty: not a reasoning model. */
  readonly efforts: readonly ReasoningEffort[];
  /** Function tools are refused unless the effort is `none`. */
  readonly toolsNeedNoEffort: boolean;
  readonly takesStop: boolean;
  readonly shutdownDate: string | null;
}

const UP_TO_MAX: readonly ReasoningEffort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const FROM_MINIMAL: readonly ReasoningEffort[] = ["minimal", "low", "medium", "high"];
const FROM_LOW: readonly ReasoningEffort[] = ["low", "medium", "high"];

const GPT_6: OpenAIModel = {
  contextTokens: 1_050_000,
  maxOutputTokens: 128_000,
  efforts: UP_TO_MAX,
  toolsNeedNoEffort: true,
  takesStop: true,
  shutdownDate: null,
};

const GPT_5: OpenAIModel = {
  ...GPT_6,
  contextTokens: 400_000,
  efforts: FROM_MINIMAL,
  toolsNeedNoEffort: false,
  shutdownDate: "2026-12-11",
};

const GPT_4O_MINI: OpenAIModel = {
  contextTokens: 128_000,
  maxOutputTokens: 16_384,
  efforts: [],
  toolsNeedNoEffort: false,
  takesStop: true,
  shutdownDate: "2027-01-14",
};

/**
 * The models on 2026-11-22. Sources: OpenAI's deprecations page (2026-10), the ChatModel type of `openai` 7.57 (2026-11-13), bodies
 * seen live for the quirks of 5.6 and 6; contexts from `@pydantic/genai-prices` 0.1.8 (2026-09-23).
 */
export const OPENAI_MODELS: Readonly<Record<string, OpenAIModel>> = {
  "gpt-6-luna": GPT_6,
  "gpt-6-sol": GPT_6,
  "gpt-6.1-sol": GPT_6,
  "gpt-6.1-terra": GPT_6,
  "gpt-6-astra": GPT_6,
  "gpt-5.6-luna": GPT_6,
  "gpt-5.4-mini": { ...GPT_6, contextTokens: 400_000, toolsNeedNoEffort: false },
  "gpt-5": GPT_5,
  "gpt-5-mini": GPT_5,
  "gpt-5-nano": GPT_5,
  o3: { ...GPT_5, contextTokens: 200_000, maxOutputTokens: 100_000, efforts: FROM_LOW, takesStop: false },
  "gpt-4o-mini": GPT_4O_MINI,
  "gpt-4o-mini-2024-07-18": GPT_4O_MINI,
};
