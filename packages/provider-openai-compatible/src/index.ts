export { createProvider } from "./create-provider.ts";
export { createModelTable, type ModelRow, type ModelTable } from "./model-table.ts";
export { type ModelTraits, type ModelWire, PLAIN_TRAITS } from "./model-traits.ts";
export { type OpenAICompatibleOptions, openaiCompatible } from "./openai-compatible.ts";
export type { CompatibleFactoryOptions, Vendor } from "./vendor.ts";
