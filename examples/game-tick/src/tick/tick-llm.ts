import type { LLMClient } from "@babylon/llm-core";

/** The methods of a client that a tick uses. */
export type TickLLM = Pick<LLMClient, "generateText" | "generateObject" | "generateArray">;
