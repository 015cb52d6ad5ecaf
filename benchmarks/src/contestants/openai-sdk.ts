import OpenAI from "openai";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/** The `openai` SDK alone. The fallback is a second call in a `catch`. */
export async function openaiSDK({ url, nextURL }: Target): Promise<Contestant> {
  const connect = (base: string): OpenAI => new OpenAI({ apiKey: KEY, baseURL: `${base}/v1`, maxRetries: 0 });
  const client = connect(url);
  const next = nextURL === undefined ? null : connect(nextURL);
  const messages = [{ role: "user", content: PROMPT }] as const;

  async function ask(through: OpenAI): Promise<string> {
    const { choices } = await through.chat.completions.create({ model: MODEL, messages: [...messages] });
    return choices[0]?.message.content ?? "";
  }

  return {
    json: () => (next === null ? ask(client) : ask(client).catch(() => ask(next))),
    async *stream() {
      const stream = await client.chat.completions.create({
        model: MODEL,
        messages: [...messages],
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const { choices } of stream) {
        const text = choices[0]?.delta.content ?? "";
        if (text !== "") yield text;
      }
    },
  };
}
