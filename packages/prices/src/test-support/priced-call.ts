import {
  type Attempt,
  createLLMClient,
  type Pricer,
  type Provider,
  systemClock,
  type TextResult,
} from "@babylon/llm-core";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";

/** A vendor whose adapter reads the reply. */
export type Vendor = "claude" | "openai" | "groq" | "wandb";

/** A reply of a vendor, and the day on which it was requested. */
export interface PricedReply {
  readonly vendor: Vendor;
  /** The requested model. */
  readonly model: string;
  /** The vendor's own `usage` object. */
  readonly usage: object;
  /** More members of the reply, such as `service_tier`. */
  readonly reply?: object;
  /** The UTC day of the attempt. Default: a day on which all prices of the table are known. */
  readonly day?: string;
  readonly baseURL?: string;
}

/** After the last change of a price in the table. */
const TODAY = "2026-11-29";

const KEY = "k-1234567890";

const openaiBody = (model: string, usage: object): object => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  model,
  choices: [{ index: 0, message: { role: "assistant", content: "Ahoy." }, finish_reason: "stop" }],
  usage,
});

const claudeBody = (model: string, usage: object): object => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model,
  content: [{ type: "text", text: "Ahoy." }],
  stop_reason: "end_turn",
  usage,
});

function providerOf(vendor: Vendor, fetch: () => Promise<Response>, baseURL: string | undefined): Provider {
  const options = { apiKey: KEY, fetch, baseURL };
  switch (vendor) {
    case "claude":
      return claude(options);
    case "openai":
      return openai(options);
    case "groq":
      return groq(options);
    case "wandb":
      return wandb(options);
  }
}

/** Calls a client with a pricer on a day. */
export function callOn(
  provider: Provider,
  pricer: Pricer,
  { model, day = TODAY }: Pick<PricedReply, "model" | "day">,
  transport: "json" | "stream" = "json",
): Promise<TextResult> {
  const llm = createLLMClient({
    providers: [provider],
    pricer,
    retry: { maxRetries: 0 },
    clock: { ...systemClock, now: () => Date.parse(`${day}T12:00:00Z`) },
  });
  return llm.generateText({ prompt: "Hello?", models: { [provider.id]: model }, transport });
}

/** The attempt that an adapter makes of a vendor's reply, priced. */
export async function pricedReply(reply: PricedReply, pricer: Pricer): Promise<Attempt> {
  const { vendor, model, usage, reply: more = {}, baseURL } = reply;
  const body = vendor === "claude" ? claudeBody(model, usage) : openaiBody(model, usage);
  const fetch = async (): Promise<Response> => Response.json({ ...body, ...more });
  const { attempts } = await callOn(providerOf(vendor, fetch, baseURL), pricer, reply);
  const [attempt] = attempts;
  if (attempt === undefined) throw new Error("the call had no attempt");
  return attempt;
}

/** A stream of OpenAI that ends without its usage. */
export function streamWithoutUsage(pricer: Pricer, model: string): Promise<TextResult> {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: "c", model, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const text = `${chunk({ role: "assistant", content: "Ahoy." }, null)}${chunk({}, "stop")}data: [DONE]\n\n`;
  const fetch = async (): Promise<Response> => new Response(text, { headers: { "content-type": "text/event-stream" } });
  return callOn(providerOf("openai", fetch, undefined), pricer, { model }, "stream");
}
