import type { AttemptAnswer, Message, MessagePart, ModelRequest } from "@babylon/llm-core";
import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { toFinishReason } from "./answer-attributes.ts";

/** A message part as the conventions shape it. The bytes of images and files are left out: they do not fit an attribute. */
function toPart(part: MessagePart): object {
  switch (part.type) {
    case "text":
      return { type: "text", content: part.text };
    case "reasoning":
      return { type: "reasoning", content: part.text };
    case "image":
      return part.url?.startsWith("http") === true
        ? { type: "uri", modality: "image", uri: part.url }
        : { type: "blob", modality: "image", mime_type: part.mediaType ?? null };
    case "file":
      return { type: "blob", modality: "document", mime_type: part.mediaType };
    case "tool-call":
      return { type: "tool_call", id: part.id, name: part.name, arguments: part.input };
    case "tool-result":
      return { type: "tool_call_response", id: part.toolCallId, response: part.output };
  }
}

const toParts = (content: Message["content"]): readonly object[] =>
  typeof content === "string" ? [{ type: "text", content }] : content.map(toPart);

const isSystem = ({ role }: Message): boolean => role === "system";

/** The prompt of a request: opt-in content of the conventions, as JSON. */
export function promptAttributes({ messages, tools }: ModelRequest): Attributes {
  const attributes: Record<string, AttributeValue> = {
    "gen_ai.input.messages": JSON.stringify(
      messages.filter((message) => !isSystem(message)).map(({ role, content }) => ({ role, parts: toParts(content) })),
    ),
  };
  const instructions = messages.filter(isSystem).flatMap(({ content }) => toParts(content));
  if (instructions.length > 0) attributes["gen_ai.system_instructions"] = JSON.stringify(instructions);
  if (tools !== undefined) {
    attributes["gen_ai.tool.definitions"] = JSON.stringify(
      Object.entries(tools).map(([name, { description, inputSchema }]) => ({
        type: "function",
        name,
        description,
        parameters: inputSchema,
      })),
    );
  }
  return attributes;
}

/** What an attempt has received: opt-in content of the conventions, as JSON. Absent if it received nothing. */
export function answerContentAttributes({ text, reasoning, toolCalls, finishReason }: AttemptAnswer): Attributes {
  const parts = [
    ...(reasoning === null ? [] : [{ type: "reasoning", content: reasoning }]),
    ...(text === "" ? [] : [{ type: "text", content: text }]),
    ...toolCalls.map(({ id, name, input }) => ({ type: "tool_call", id, name, arguments: input })),
  ];
  if (parts.length === 0) return {};
  const reason = finishReason === null ? "error" : toFinishReason(finishReason);
  return { "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts, finish_reason: reason }]) };
}
