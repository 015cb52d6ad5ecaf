import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import { createFallback } from "ai-fallback";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/**
 * The AI SDK with `ai-fallback`. It keeps its place in the list on the model, for all calls and until a timer resets it, so that each
 * call gets one of its own: otherwise only the first would meet the failing provider.
 */
export async function aiFallback({ url, nextURL = url }: Target): Promise<Contestant> {
  const models = [url, nextURL].map((base) => createOpenAI({ apiKey: KEY, baseURL: `${base}/v1` }).chat(MODEL));
  const fallback = () => createFallback({ models });
  return {
    json: async () => (await generateText({ model: fallback(), prompt: PROMPT, maxRetries: 0 })).text,
    stream: () => streamText({ model: fallback(), prompt: PROMPT, maxRetries: 0 }).textStream,
  };
}
