import { isRecord } from "@babylon/llm-core";
import type { DeliveryFacts, DeliveryStep } from "./delivery.ts";
import type { ChatWildWay } from "./wild-ways.ts";

/** Plans the steps of a chat completion with this behavior. A JSON body has none of it. */
export function planWildChat(way: ChatWildWay, facts: DeliveryFacts): DeliveryStep[] {
  const pieces = facts.events === null ? [facts.body] : textsOf(way, facts);
  return [
    { do: "head", head: facts.head, length: null },
    ...pieces.map((text): DeliveryStep => ({ do: "write", text })),
    { do: "end" },
  ];
}

function textsOf(way: ChatWildWay, facts: DeliveryFacts): readonly string[] {
  const events = facts.events ?? [];
  if (way === "id-per-chunk") return events.map(({ text }, at) => text.replace(/"id":"[^"]*"/, `"id":"gen-${at}"`));
  // `choices` of the complete body, in the place of those of the finishing chunk.
  const { choices }: { readonly choices?: unknown } = JSON.parse(facts.whole());
  return events.flatMap(({ kind, text }) => {
    if (kind === "finish") return [`data: ${JSON.stringify({ ...parse(text), choices })}\n\n`];
    return text.includes('"tool_calls":[') ? [] : [text];
  });
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text.slice("data: ".length));
  return isRecord(value) ? value : {};
}
