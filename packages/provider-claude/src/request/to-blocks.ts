import {
  isRecord,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessagePart,
  type ReasoningPart,
} from "@babylon/llm-core";
import { mergeBody, stringField } from "@babylon/provider-kit";
import type { Link } from "../link.ts";
import { toDocumentBlock, toImageBlock } from "./to-media-block.ts";

/**
 * The content of a message as Anthropic's blocks. Empty text and reasoning of other links become none.
 *
 * `providerOptions` of a part go into its block, those of the message into its last block: that is where marks such as
 * `cache_control` may stand, and a message itself takes none.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not take
 */
export function toBlocks(message: Message, link: Link): JsonObject[] {
  const parts: readonly MessagePart[] =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
  const blocks: { block: JsonObject; own: JsonObject | undefined }[] = [];
  for (const part of parts) {
    const block = toBlock(part, link);
    if (block !== null) blocks.push({ block, own: part.providerOptions?.[link.provider]?.body });
  }
  const ofMessage = message.providerOptions?.[link.provider]?.body;
  return blocks.map(({ block, own }, index) =>
    mergeBody(mergeBody(block, index === blocks.length - 1 ? ofMessage : undefined), own),
  );
}

function toBlock(part: MessagePart, link: Link): JsonObject | null {
  switch (part.type) {
    case "text":
      // Anthropic refuses empty text blocks.
      return part.text === "" ? null : { type: "text", text: part.text };
    case "image":
      return toImageBlock(part, link);
    case "file":
      return toDocumentBlock(part, link);
    case "reasoning":
      return toThinkingBlock(part, link);
    case "tool-call":
      // A call whose arguments could not be parsed has none; Anthropic wants an object all the same.
      return {
        type: "tool_use",
        id: toToolId(part.id),
        name: part.name,
        input: isRecord(part.input) ? part.input : {},
      };
    case "tool-result":
      return {
        type: "tool_result",
        tool_use_id: toToolId(part.toolCallId),
        content: toResultText(part.output),
        ...(part.isError === true ? { is_error: true } : {}),
      };
  }
}

/** Unchanged, with its signature, to the model that wrote it; anything else would be refused. */
function toThinkingBlock(part: ReasoningPart, link: Link): JsonObject | null {
  if (part.origin?.provider !== link.provider || part.origin.model !== link.model) return null;
  const signature = stringField(part.data, "signature");
  if (signature !== null) return { type: "thinking", thinking: part.text, signature };
  const redacted = stringField(part.data, "redacted");
  return redacted === null ? null : { type: "redacted_thinking", data: redacted };
}

/** Other vendors' ids hold characters that Anthropic refuses: `functions.get_weather:0` of Kimi models. */
const toToolId = (id: string): string => id.replace(/[^a-zA-Z0-9_-]/g, "_");

const toResultText = (output: JsonValue): string => (typeof output === "string" ? output : JSON.stringify(output));
