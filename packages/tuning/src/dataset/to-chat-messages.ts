import type {
  AssistantMessage,
  JsonValue,
  Message,
  SystemMessage,
  ToolCallPart,
  ToolMessage,
  UserMessage,
} from "@babylon/llm-core";
import type { ChatMessage, ChatToolCall } from "./chat-example.ts";

/** What is rewritten on the way. */
export interface ChatMapping {
  /** A JSON value before it becomes text: arguments and outputs of tools. */
  json(value: JsonValue): JsonValue;
  /** The name of a tool. */
  name(name: string): string;
  /** The id of a tool call. */
  id(id: string): string;
}

/** Ids of tool calls by their order: those of a vendor are random, may hold anything, and would make equal prompts different. */
export function createCallIds(): ChatMapping["id"] {
  const ids = new Map<string, string>();
  return (given) => {
    const id = ids.get(given) ?? `call_${ids.size + 1}`;
    ids.set(given, id);
    return id;
  };
}

/** Maps a conversation to the chat format; `null`: it has a part without a form as text, such as an image. Reasoning is left out. */
export function toChatMessages(messages: readonly Message[], mapping: ChatMapping): readonly ChatMessage[] | null {
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
        mapped.push(toAssistant(message, mapping));
        break;
      case "tool":
        mapped.push(...toToolMessages(message, mapping));
    }
  }
  return mapped;
}

/** A tool call in the chat format. */
export function toChatToolCall(
  { id, name, input }: Pick<ToolCallPart, "id" | "name" | "input">,
  mapping: ChatMapping,
): ChatToolCall {
  return {
    id: mapping.id(id),
    type: "function",
    function: { name: mapping.name(name), arguments: JSON.stringify(mapping.json(input)) },
  };
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

function toAssistant({ content }: AssistantMessage, mapping: ChatMapping): ChatMessage {
  if (typeof content === "string") return { role: "assistant", content };
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = content.flatMap((part) => (part.type === "tool-call" ? [toChatToolCall(part, mapping)] : []));
  return toAnswer(text, calls);
}

const toToolMessages = ({ content }: ToolMessage, mapping: ChatMapping): readonly ChatMessage[] =>
  content.map(({ toolCallId, output }) => ({
    role: "tool",
    tool_call_id: mapping.id(toolCallId),
    content: typeof output === "string" ? output : JSON.stringify(mapping.json(output)),
  }));
