import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/** The AI SDK with its provider for chat completions. */
export async function aiSDK({ url }: Target): Promise<Contestant> {
  const model = createOpenAI({ apiKey: KEY, baseURL: `${url}/v1` }).chat(MODEL);
  return {
    json: async () => (await generateText({ model, prompt: PROMPT, maxRetries: 0 })).text,
    stream: () => streamText({ model, prompt: PROMPT, maxRetries: 0 }).textStream,
  };
}
