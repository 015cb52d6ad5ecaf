import {
  isRecord,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessagePart,
  type ReasoningPart,
  type ToolResultPart,
} from "@babylon/llm-core";
import { mergeBody, stringField } from "@babylon/provider-kit";
import type { Link } from "../link.ts";
import { toDocumentBlock, toImageBlock } from "./to-media-block.ts";

/**
 * Maps the content of a message to Anthropic's blocks. Blank text and the reasoning of other links are omitted.
 *
 * `providerOptions` of a part are merged into its block, those of the message into its last block, because fields such as `cache_control` are
 * only allowed on blocks.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not accept
 */
export function toBlocks(message: Message, link: Link): JsonObject[] {
  const parts: readonly MessagePart[] =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
  const blocks: { block: JsonObject; own: JsonObject | undefined }[] = [];
  for (const part of parts) {
    const block = toBlock(part, link);
    if (block !== null) blocks.push({ block, own: part.providerOptions?.[link.provider]?.body });
  }
  const messageBody = message.providerOptions?.[link.provider]?.body;
  return blocks.map(({ block, own }, index) =>
    mergeBody(mergeBody(block, index === blocks.length - 1 ? messageBody : undefined), own),
  );
}

function toBlock(part: MessagePart, link: Link): JsonObject | null {
  switch (part.type) {
    case "text":
      // Anthropic refuses text blocks that are empty or blank.
      return isBlank(part.text) ? null : { type: "text", text: part.text };
    case "image":
      return toImageBlock(part, link);
    case "file":
      return toDocumentBlock(part, link);
    case "reasoning":
      return toThinkingBlock(part, link);
    case "tool-call":
      // Anthropic requires an object even if the arguments of the call could not be parsed.
      return {
        type: "tool_use",
        id: part.id,
        name: part.name,
        input: isRecord(part.input) ? part.input : {},
      };
    case "tool-result":
      return {
        type: "tool_result",
        tool_use_id: part.toolCallId,
        ...toResult(part),
      };
  }
}

/** Reasoning is sent unchanged, with its signature, and only to the model that wrote it: anything else is refused. */
function toThinkingBlock(part: ReasoningPart, link: Link): JsonObject | null {
  if (part.origin?.provider !== link.provider || part.origin.model !== link.model) return null;
  const signature = stringField(part.data, "signature");
  if (signature !== null) return { type: "thinking", thinking: part.text, signature };
  const redacted = stringField(part.data, "redacted");
  if (redacted !== null) return { type: "redacted_thinking", data: redacted };
  const block = part.data?.block;
  return isJSONObject(block) ? block : null;
}

const isJSONObject = (value: JsonValue | undefined): value is JsonObject => isRecord(value);

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python strips these, too
const BLANK = /^[\s\u0085\u001c-\u001f]*$/;

/** Whether a text is only white space, including the additional characters of Python's definition. */
const isBlank = (text: string): boolean => BLANK.test(text);

/** A blank result has no content. A blank failure is refused, so it gets a message (Messages API, 2026). */
function toResult({ output, isError }: ToolResultPart): JsonObject {
  const text = typeof output === "string" ? output : JSON.stringify(output);
  if (isError === true) return { content: isBlank(text) ? "The tool failed without a message." : text, is_error: true };
  return isBlank(text) ? {} : { content: text };
}
