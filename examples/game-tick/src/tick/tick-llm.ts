import type { LLMClient } from "@babylon/llm-core";

/** What a tick needs of a client. */
export type TickLLM = Pick<LLMClient, "generateText" | "generateObject" | "generateArray">;
