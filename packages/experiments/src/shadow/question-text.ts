import type { Message } from "@babylon/llm-core";

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.flatMap((part) => ("text" in part && typeof part.text === "string" ? [part.text] : [])).join("\n");
}

/** A conversation as a text for a judge. */
export function questionText(messages: readonly Message[]): string {
  return messages.map((message) => `${message.role}: ${textOf(message)}`).join("\n\n");
}
