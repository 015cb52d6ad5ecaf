export { type BabylonLLM, type BabylonLLMOptions, createBabylonLLM, type SettingsOf } from "./create-babylon-llm.ts";
export { BabylonLLMClient, type BabylonLLMClientOptions } from "./babylon-llm-client.ts";
export type { ClientTotals } from "./client-stats.ts";
export { defaultProviders } from "./default-providers.ts";
export { closeDefaultStore } from "./default-settings.ts";
export type { SettingsOption } from "./open-settings.ts";
