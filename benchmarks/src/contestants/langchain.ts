import { ChatOpenAI } from "@langchain/openai";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/** LangChain's model for chat completions. */
export async function langchain({ url }: Target): Promise<Contestant> {
  const model = new ChatOpenAI({
    apiKey: KEY,
    model: MODEL,
    maxRetries: 0,
    useResponsesApi: false,
    configuration: { baseURL: `${url}/v1` },
  });
  return {
    json: async () => (await model.invoke(PROMPT)).text,
    async *stream() {
      for await (const { text } of await model.stream(PROMPT)) if (text !== "") yield text;
    },
  };
}
