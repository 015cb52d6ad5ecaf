import { testProvider } from "@babylon/llm-testing/vitest";
import { openaiCompatible } from "./openai-compatible.ts";

testProvider(
  (options) =>
    openaiCompatible({
      id: "acme",
      name: "Acme",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      baseURL: "http://127.0.0.1:9",
      envKey: "ACME_API_KEY",
      // The options that the model on this wire does not support.
      capabilities: { images: false, files: false, reasoningEffort: [] },
      ...options,
    }),
  { wire: "wandb" },
);
