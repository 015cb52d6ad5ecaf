import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import { createFallback } from "ai-fallback";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/**
 * The AI SDK with `ai-fallback`. The model object stores the position in the list for all calls until a timer resets it, so each call
 * gets a new model: otherwise only the first call would use the failing provider.
 */
export async function aiFallback({ url, nextURL = url }: Target): Promise<Contestant> {
  const models = [url, nextURL].map((base) => createOpenAI({ apiKey: KEY, baseURL: `${base}/v1` }).chat(MODEL));
  const fallback = () => createFallback({ models });
  return {
    json: async () => (await generateText({ model: fallback(), prompt: PROMPT, maxRetries: 0 })).text,
    stream: () => streamText({ model: fallback(), prompt: PROMPT, maxRetries: 0 }).textStream,
  };
}
