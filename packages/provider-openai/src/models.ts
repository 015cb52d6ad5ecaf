import type { ReasoningEffort, RetiredModel } from "@babylon/llm-core";
import { type ModelRow, type ModelTraits, PLAIN_TRAITS } from "@babylon/provider-openai-compatible";

/** The cheaper successor of `gpt-4o-mini`. */
export const DEFAULT_MODEL = "gpt-6-luna";

/**
 * The constraints that strict schemas may contain, except with fine-tuned models (developers.openai.com, guide to structured outputs, 2026-11).
 * Lengths of strings are refused.
 */
const STRICT_KEYWORDS = [
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
] as const;

/**
 * Models without reasoning: GPT-4o, 4.1 and the chat models. `max_tokens` is deprecated for all (openai 7.57.0, 2026-11-13).
 * Streams contain random padding unless it is turned off.
 */
const PLAIN: ModelTraits = {
  capabilities: { ...PLAIN_TRAITS.capabilities, strictSchema: { keywords: STRICT_KEYWORDS }, reasoningEffort: [] },
  wire: {
    ...PLAIN_TRAITS.wire,
    limitField: "max_completion_tokens",
    streamOptions: { include_usage: true, include_obfuscation: false },
    // Longer ids cause a 400, "string too long" (observed 2025 to 2026).
    maxToolIdLength: 40,
  },
};

/**
 * Reasoning models. Chat Completions never contains their reasoning; non-default sampling and stop sequences cause a 400 (observed 2025-08 to
 * 2026-11).
 */
const reasoning = (efforts: readonly ReasoningEffort[], toolsNeedEffortNone: boolean): ModelTraits => ({
  capabilities: {
    ...PLAIN.capabilities,
    sampling: false,
    stopSequences: false,
    silentReasoning: true,
    reasoningEffort: efforts,
  },
  wire: { ...PLAIN.wire, instructionRole: "developer", toolsNeedEffortNone },
});

/** o1, o3, o4. */
const O_SERIES: ModelTraits = reasoning(["low", "medium", "high"], false);
/** `minimal` was added with GPT-5, `none` with 5.1, `xhigh` later (OpenAI's reference of `reasoning_effort`, 2026-11). */
const GPT_5: ModelTraits = reasoning(["minimal", "low", "medium", "high"], false);
const GPT_5_1: ModelTraits = reasoning(["none", "low", "medium", "high"], false);
const GPT_5_2: ModelTraits = reasoning(["none", "low", "medium", "high", "xhigh"], false);
/**
 * GPT-5.6 and 6 accept tools on Chat Completions only with `reasoning_effort: "none"` (observed 2026-11). They would accept sampling then as
 * well; it stays off, because capabilities do not depend on the rest of the request.
 */
const GPT_5_6: ModelTraits = reasoning(["none", "low", "medium", "high", "xhigh"], true);

/** The traits of a model by its name, which covers snapshots, fine-tunes (`ft:gpt-4o-mini:…`) and future models. */
export function traitsOf(model: string): ModelTraits {
  if (!model.startsWith("ft:")) return traitsByName(model);
  const traits = traitsByName(model.slice(3));
  return { ...traits, capabilities: { ...traits.capabilities, strictSchema: {} } };
}

function traitsByName(name: string): ModelTraits {
  if (/^o\d/.test(name)) return O_SERIES;
  const [, version] = /^gpt-(\d(?:\.\d+)?)(?![\d.]|o)/.exec(name) ?? [];
  if (version === undefined || name.includes("chat-latest")) return PLAIN;
  const number = Number(version);
  if (number >= 5.6) return GPT_5_6;
  if (number >= 5.2) return GPT_5_2;
  if (number >= 5.1) return GPT_5_1;
  return number >= 5 ? GPT_5 : PLAIN;
}

/** A selection of the chat models in OpenAI's SDK (7.57.0). Shutdown dates: developers.openai.com, 2026-11. */
export const ROWS: readonly ModelRow[] = [
  { id: "gpt-6-luna", name: "GPT-6 Luna", description: "Small and cheap. The default.", recommended: true },
  { id: "gpt-6.1-terra", name: "GPT-6.1 Terra", description: "Medium.", recommended: true },
  { id: "gpt-6.1-sol", name: "GPT-6.1 Sol", description: "Large.", recommended: true },
  { id: "gpt-6-sol", name: "GPT-6 Sol", description: "Large, the predecessor of 6.1." },
  { id: "gpt-6-astra", name: "GPT-6 Astra", description: "The largest and most expensive." },
  { id: "gpt-5.6-luna", name: "GPT-5.6 Luna" },
  { id: "gpt-5.4-mini", name: "GPT-5.4 mini" },
  {
    id: "gpt-4o-mini",
    name: "GPT-4o mini",
    contextTokens: 128_000,
    maxOutputTokens: 16_384,
    retiresAt: "2027-01-14",
  },
];

/** Ids with an announced shutdown (developers.openai.com/api/docs/deprecations, 2026-11). Where OpenAI names no successor, ours is used. */
export const RETIRED: Readonly<Record<string, RetiredModel>> = {
  "gpt-4o-mini": { retiredAt: "2027-01-14", replacement: DEFAULT_MODEL },
  "gpt-4o-mini-2024-07-18": { retiredAt: "2027-01-14", replacement: DEFAULT_MODEL },
  "gpt-5": { retiredAt: "2026-12-11", replacement: "gpt-6.1-terra" },
  "gpt-5-mini": { retiredAt: "2026-12-11", replacement: DEFAULT_MODEL },
  "gpt-5-nano": { retiredAt: "2026-12-11", replacement: DEFAULT_MODEL },
  o3: { retiredAt: "2026-12-11", replacement: "gpt-6.1-sol" },
};
