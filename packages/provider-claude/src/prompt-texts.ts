import type { Message, ModelRequest } from "@babylon/llm-core";

/** The texts of a request that an error must not quote: what its messages say and what tools answered. */
export function promptTexts(request: ModelRequest): readonly string[] {
  return request.messages.flatMap(textsOf).filter((text) => text !== "");
}

function textsOf(message: Message): readonly string[] {
  if (typeof message.content === "string") return [message.content];
  return message.content.flatMap((part) => {
    switch (part.type) {
      case "text":
      case "reasoning":
        return [part.text];
      case "tool-call":
        return [JSON.stringify(part.input)];
      case "tool-result":
        return [typeof part.output === "string" ? part.output : JSON.stringify(part.output)];
      default:
        return [];
    }
  });
}
