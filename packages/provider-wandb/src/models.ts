import type { ModelCapabilities, RetiredModel } from "@babylon/llm-core";
import { type ModelRow, type ModelTraits, type ModelWire, PLAIN_TRAITS } from "@babylon/provider-openai-compatible";

/** Available on 2026-10-07, general purpose, and the cheapest of its size. */
export const DEFAULT_MODEL = "meta-llama/Llama-3.3-70B-Instruct";

/**
 * The traits of models without a row, such as a custom LoRA (`wandb-artifact:///…`): a vLLM-like stack. The field of the output limit and
 * usage in streams are not documented (docs.coreweave.com, 2026-09-30); such stacks accept `max_tokens`. Documents are not supported.
 * Reasoning has its own field, but a LoRA of a model that thinks in tags (Qwen3) may write the tags into its text, or only the closing one.
 */
const BASE_TRAITS: ModelTraits = {
  capabilities: { ...PLAIN_TRAITS.capabilities, files: false, reasoningEffort: [] },
  wire: { ...PLAIN_TRAITS.wire, thinkTags: "unsure" },
};

const TEXT_ONLY: Partial<ModelCapabilities> = { images: false };

/**
 * Models whose reasoning is turned on and off with `chat_template_kwargs.enable_thinking` (W&B docs, "View reasoning information", 2026-09).
 * They have no levels: every effort except `none` turns it on.
 */
const SWITCHABLE: Partial<ModelCapabilities> = { reasoningEffort: ["none", "low", "medium", "high"] };
const BY_SWITCH: Partial<ModelWire> = { effortField: "enable_thinking" };

/** Models of the catalogue send reasoning in its own field. Tags are split nevertheless if they occur. */
const LISTED_TRAITS: ModelTraits = { ...BASE_TRAITS, wire: { ...BASE_TRAITS.wire, thinkTags: "opened" } };

/** Matches the names of models that always reason: their text is held back until the closing tag. */
const REASONS_BY_NAME = /think|reason|qwq|(?:^|[-_./:])r1(?:$|[-_.:])/i;

const REASONING_TRAITS: ModelTraits = { ...BASE_TRAITS, wire: { ...BASE_TRAITS.wire, thinkTags: true } };

/** The base traits of a model, to which its row is applied. */
export function baseTraitsOf(model: string): ModelTraits {
  if (ROWS.some(({ id }) => id === model)) return LISTED_TRAITS;
  return REASONS_BY_NAME.test(model) ? REASONING_TRAITS : BASE_TRAITS;
}

/** Catalogue of 2026-10-07 (CoreWeave's own plugin, `serverless-inference-openclaw-plugin`). Reasoning: W&B docs, 2026-09. */
export const ROWS: readonly ModelRow[] = [
  {
    id: "meta-llama/Llama-3.3-70B-Instruct",
    name: "Llama 3.3 70B",
    description: "General purpose, no reasoning. The default.",
    recommended: true,
    contextTokens: 128_000,
    capabilities: TEXT_ONLY,
  },
  {
    id: "meta-llama/Llama-3.1-8B-Instruct",
    name: "Llama 3.1 8B",
    description: "Small and quick, no reasoning.",
    recommended: true,
    contextTokens: 131_000,
    capabilities: TEXT_ONLY,
  },
  {
    id: "openai/gpt-oss-120b",
    name: "gpt-oss 120B",
    description: "Always reasons; cheap for its capability.",
    recommended: true,
    capabilities: TEXT_ONLY,
  },
  {
    id: "openai/gpt-oss-20b",
    name: "gpt-oss 20B",
    description: "Always reasons; the cheapest.",
    capabilities: TEXT_ONLY,
  },
  {
    id: "deepseek-ai/DeepSeek-V4-Pro-0813",
    name: "DeepSeek V4 Pro",
    capabilities: { ...TEXT_ONLY, ...SWITCHABLE },
    wire: BY_SWITCH,
  },
  {
    id: "deepseek-ai/DeepSeek-V4-Flash-0731",
    name: "DeepSeek V4 Flash",
    capabilities: { ...TEXT_ONLY, ...SWITCHABLE },
    wire: BY_SWITCH,
  },
  {
    id: "deepseek-ai/DeepSeek-V4.1-Flash",
    name: "DeepSeek V4.1 Flash",
    capabilities: { ...TEXT_ONLY, ...SWITCHABLE },
    wire: BY_SWITCH,
  },
  { id: "deepseek-ai/DeepSeek-V3.1", name: "DeepSeek V3.1", capabilities: TEXT_ONLY },
  { id: "Qwen/Qwen3.8-27B", name: "Qwen 3.8 27B", capabilities: SWITCHABLE, wire: BY_SWITCH },
  { id: "Qwen/Qwen3.6-35B-A3B", name: "Qwen 3.6 35B-A3B", capabilities: SWITCHABLE, wire: BY_SWITCH },
  { id: "google/gemma-4-31B-it", name: "Gemma 4 31B", capabilities: SWITCHABLE, wire: BY_SWITCH },
  { id: "google/gemma-4-26B-A4B-it", name: "Gemma 4 26B-A4B", capabilities: SWITCHABLE, wire: BY_SWITCH },
  { id: "moonshotai/Kimi-K2.6", name: "Kimi K2.6", description: "Always reasons." },
  {
    id: "moonshotai/Kimi-K2.7-Code",
    name: "Kimi K2.7 Code",
    description: "For code. Always reasons.",
    capabilities: TEXT_ONLY,
  },
  { id: "MiniMaxAI/MiniMax-M3", name: "MiniMax M3", description: "Always reasons.", capabilities: TEXT_ONLY },
  {
    id: "zai-org/GLM-5.3-Flash",
    name: "GLM 5.3 Flash",
    capabilities: { ...TEXT_ONLY, ...SWITCHABLE },
    wire: BY_SWITCH,
  },
  {
    id: "zai-org/GLM-5.2",
    name: "GLM 5.2",
    capabilities: { ...TEXT_ONLY, ...SWITCHABLE },
    wire: BY_SWITCH,
  },
  { id: "ibm-granite/granite-4.2-8b", name: "Granite 4.2 8B", capabilities: TEXT_ONLY },
];

/**
 * Ids that return 404. Those of 2026-10-05 were announced; Mixtral is not in any catalogue of 2026. The replacements are the closest models of
 * the catalogue, not the vendor's recommendation.
 */
export const RETIRED: Readonly<Record<string, RetiredModel>> = {
  "mistralai/Mixtral-8x7B-Instruct-v0.1": { retiredAt: null, replacement: DEFAULT_MODEL },
  "meta-llama/Llama-3.1-70B-Instruct": { retiredAt: "2026-10-05", replacement: DEFAULT_MODEL },
  "OpenPipe/Qwen3-14B-Instruct": { retiredAt: "2026-10-05", replacement: "Qwen/Qwen3.8-27B" },
  "Qwen/Qwen3-30B-A3B-Instruct-2507": { retiredAt: "2026-10-05", replacement: "Qwen/Qwen3.6-35B-A3B" },
  "Qwen/Qwen3.5-35B-A3B": { retiredAt: "2026-10-05", replacement: "Qwen/Qwen3.6-35B-A3B" },
  "Qwen/Qwen3.6-27B": { retiredAt: "2026-10-05", replacement: "Qwen/Qwen3.8-27B" },
  "deepseek-ai/DeepSeek-V4-Flash": { retiredAt: "2026-10-05", replacement: "deepseek-ai/DeepSeek-V4-Flash-0731" },
  "deepseek-ai/DeepSeek-V4-Pro": { retiredAt: "2026-10-05", replacement: "deepseek-ai/DeepSeek-V4-Pro-0813" },
  "ibm-granite/granite-4.1-8b": { retiredAt: "2026-10-05", replacement: "ibm-granite/granite-4.2-8b" },
};
