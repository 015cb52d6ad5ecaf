// All of them, so that the type of everything that is inferred from a call can be named by who has this package alone, whatever core adds.
export type * from "@babylon/llm-core";
export { createLLMClient, ERROR_POLICY, isLLMError, knownUsage, LLMError, silentLogger } from "@babylon/llm-core";
export { type ClaudeOptions, claude } from "@babylon/provider-claude";
export { type GroqOptions, groq } from "@babylon/provider-groq";
export { type OpenAIOptions, openai } from "@babylon/provider-openai";
export { type OpenAICompatibleOptions, openaiCompatible } from "@babylon/provider-openai-compatible";
export { type WandbOptions, wandb } from "@babylon/provider-wandb";
export type * from "@babylon/settings-store";
export { clearAIModelConfigCache, getAIModelConfig, getWandbModel } from "./ai-model-config.ts";
export { BabylonLLMClient, type BabylonLLMClientOptions, type GenerateJSONOptions } from "./babylon-llm-client.ts";
export type { ClientTotals } from "./client-stats.ts";
export { type BabylonLLM, type BabylonLLMOptions, createBabylonLLM, type SettingsOf } from "./create-babylon-llm.ts";
export type { PricerOption } from "./default-pricer.ts";
export { defaultProviders } from "./default-providers.ts";
export { closeDefaultStore } from "./default-settings.ts";
export type { GivenSettings } from "./given-settings.ts";
export type { SettingsOption } from "./open-settings.ts";
export type { RecordSchema } from "./record-schema.ts";
