import { testProvider } from "@babylon/llm-testing/vitest";
import OpenAI from "openai";
import { openaiCompatible } from "../openai-compatible.ts";

testProvider(
  ({ apiKey, baseURL, fetch }) =>
    openaiCompatible({
      id: "acme",
      name: "Acme",
      model: "meta-llama/Llama-3.3-70B-Instruct",
      capabilities: { images: false, files: false, reasoningEffort: [] },
      ...(apiKey === undefined
        ? { baseURL: "http://127.0.0.1:9", envKey: "ACME_API_KEY" }
        : { client: new OpenAI({ apiKey, baseURL, fetch, maxRetries: 5, logLevel: "off" }) }),
    }),
  {
    wire: "wandb",
    skip: {
      "accepts a tenant's credentials for one call": "the client has credentials of its own, and others are refused",
      "uses no process environment in a request": "what the client of the caller's reads is the caller's affair",
    },
  },
);
