import Anthropic from "@anthropic-ai/sdk";
import { CLAUDE_MODEL, type Contestant, KEY, PROMPT, type Target } from "./contestant.ts";

/** The `@anthropic-ai/sdk` alone. */
export async function anthropicSDK({ url }: Target): Promise<Contestant> {
  const client = new Anthropic({ apiKey: KEY, baseURL: url, maxRetries: 0 });
  const request = { model: CLAUDE_MODEL, max_tokens: 1_024, messages: [{ role: "user" as const, content: PROMPT }] };
  return {
    async json() {
      const { content } = await client.messages.create(request);
      const [first] = content;
      return first?.type === "text" ? first.text : "";
    },
    async *stream() {
      for await (const event of await client.messages.create({ ...request, stream: true })) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") yield event.delta.text;
      }
    },
  };
}
