import { testProvider } from "@babylon/llm-testing/vitest";
import { vi } from "vitest";
import { openaiCompatible } from "../openai-compatible.ts";

// Any version but the tested one: the SDK client is used in the way that it documents.
vi.mock("openai/version", () => ({ VERSION: "7.58.0" }));

testProvider(
  (options) =>
    openaiCompatible({
      id: "acme",
      name: "Acme",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      baseURL: "http://127.0.0.1:9",
      envKey: "ACME_API_KEY",
      capabilities: { images: false, files: false, reasoningEffort: [] },
      ...options,
    }),
  { wire: "wandb" },
);
