import type { Message, MessagePart, ModelRequest } from "@babylon/llm-core";

/**
 * The texts of a request that an error must not quote: message texts, inputs and outputs of tools, image URLs. Without the data of images
 * and files, which is unreadable and slow to search.
 */
export function promptTexts(request: Pick<ModelRequest, "messages">): readonly string[] {
  return request.messages.flatMap(textsOf).filter((text) => text !== "");
}

function textsOf(message: Message): readonly string[] {
  if (typeof message.content === "string") return [message.content];
  return message.content.map(textOf);
}

function textOf(part: MessagePart): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool-call":
      return JSON.stringify(part.input);
    case "tool-result":
      return typeof part.output === "string" ? part.output : JSON.stringify(part.output);
    case "image":
      return part.url?.startsWith("data:") === true ? "" : (part.url ?? "");
    case "file":
      return "";
  }
}
