/**
 * The settings store, for those who open it themselves: with drivers of their own, a Keyv, or other limits. `sideEffects` of the manifest
 * names this file: esbuild 0.28 would leave it out otherwise and with it the start of the store's module, which `@babylon/llm` loads late.
 */
export * from "@babylon/settings-store";
