export { isLLMError, LLMError, type LLMErrorCode } from "@babylon/llm-core";
export { clearAIModelConfigCache, getAIModelConfig, getWandbModel } from "./ai-model-config.ts";
export { BabylonLLMClient, type BabylonLLMClientOptions, type GenerateJSONOptions } from "./babylon-llm-client.ts";
export type { ClientTotals } from "./client-stats.ts";
export { type BabylonLLM, type BabylonLLMOptions, createBabylonLLM, type SettingsOf } from "./create-babylon-llm.ts";
export { defaultProviders } from "./default-providers.ts";
export { closeDefaultStore } from "./default-settings.ts";
export type { SettingsOption } from "./open-settings.ts";
export type { RecordSchema } from "./record-schema.ts";
