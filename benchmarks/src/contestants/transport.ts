import { nodeTransport } from "@babylon/transport-node";
import { type Contestant, KEY, MODEL, PROMPT, type Target } from "./contestant.ts";

/** Sends the same request and discards the received bytes: the lower bound of this transport. */
export async function transportAlone({ url }: Target): Promise<Contestant> {
  const send = nodeTransport();
  const { signal } = new AbortController();
  const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };
  const ask = (stream: boolean) =>
    send({
      method: "POST",
      url: `${url}/v1/chat/completions`,
      headers,
      body: JSON.stringify({ model: MODEL, messages: [{ role: "user", content: PROMPT }], stream }),
      signal,
    });
  return {
    unread: true,
    json: async () => (await ask(false)).text(),
    async *stream() {
      const { body } = await ask(true);
      if (body !== null) for await (const _ of body) yield "";
    },
  };
}
