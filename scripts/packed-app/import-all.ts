/** Every entry of every package can be imported, and brings what it is known for. */
import assert from "node:assert/strict";

const ENTRIES: readonly (readonly [entry: string, ...names: string[]])[] = [
  ["@babylon/llm", "createBabylonLLM", "BabylonLLMClient", "getAIModelConfig"],
  ["@babylon/llm-core", "createLLMClient", "LLMError"],
  ["@babylon/provider-kit", "fetchTransport"],
  ["@babylon/provider-openai-compatible", "openaiCompatible"],
  ["@babylon/provider-wandb", "wandb"],
  ["@babylon/provider-groq", "groq"],
  ["@babylon/provider-claude", "claude"],
  ["@babylon/provider-openai", "openai"],
  ["@babylon/settings-store", "createSettingsStore"],
  ["@babylon/settings-store/schema", "settingsSchema", "patchSchema"],
  ["@babylon/admin-api", "createAdminHandler"],
  ["@babylon/admin-api/contract"],
  ["@babylon/admin-api/contract-schema"],
  ["@babylon/admin-api/patch"],
  ["@babylon/admin-react", "AIModelsTab"],
  ["@babylon/llm-testing", "startProviderSimulator"],
];

for (const [entry, ...names] of ENTRIES) {
  const module: object = await import(entry);
  for (const name of names) assert.ok(name in module, `${entry} has no ${name}`);
}
