import type { AssistantMessage, JsonValue, Message, SystemMessage, ToolMessage, UserMessage } from "@babylon/llm-core";
import type { ChatMessage, ChatToolCall } from "./chat-example.ts";

/** Rewrites a JSON value before it becomes text. */
export type MapJson = (value: JsonValue) => JsonValue;

/**
 * Maps a conversation to the chat format; `null`: it has a part without a form as text, such as an image. Reasoning is left out.
 *
 * @param mapJson - applied to arguments and outputs of tools before they are serialized
 */
export function toChatMessages(messages: readonly Message[], mapJson: MapJson): readonly ChatMessage[] | null {
  const mapped: ChatMessage[] = [];
  for (const message of messages) {
    switch (message.role) {
      case "system":
      case "user": {
        const content = textOf(message);
        if (content === null) return null;
        mapped.push({ role: message.role, content });
        break;
      }
      case "assistant":
        mapped.push(toAssistant(message, mapJson));
        break;
      case "tool":
        mapped.push(...toToolMessages(message, mapJson));
    }
  }
  return mapped;
}

/** A tool call in the chat format. */
export function toChatToolCall(id: string, name: string, input: JsonValue, mapJson: MapJson): ChatToolCall {
  return { id, type: "function", function: { name, arguments: JSON.stringify(mapJson(input)) } };
}

/** An answer in the chat format: without text its content is `null`. */
export function toAnswer(text: string, calls: readonly ChatToolCall[]): ChatMessage {
  return calls.length === 0
    ? { role: "assistant", content: text }
    : { role: "assistant", content: text === "" ? null : text, tool_calls: calls };
}

function textOf({ content }: SystemMessage | UserMessage): string | null {
  if (typeof content === "string") return content;
  let text = "";
  for (const part of content) {
    if (part.type !== "text") return null;
    text += part.text;
  }
  return text;
}

function toAssistant({ content }: AssistantMessage, mapJson: MapJson): ChatMessage {
  if (typeof content === "string") return { role: "assistant", content };
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = content.flatMap((part) =>
    part.type === "tool-call" ? [toChatToolCall(part.id, part.name, part.input, mapJson)] : [],
  );
  return toAnswer(text, calls);
}

const toToolMessages = ({ content }: ToolMessage, mapJson: MapJson): readonly ChatMessage[] =>
  content.map(({ toolCallId, output }) => ({
    role: "tool",
    tool_call_id: toolCallId,
    content: typeof output === "string" ? output : JSON.stringify(mapJson(output)),
  }));
