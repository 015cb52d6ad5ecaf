import { isRecord, type JsonObject, type JsonValue, type Message, type Tool } from "@babylon/llm-core";
import type { ChatExample, ChatMessage } from "./chat-example.ts";

/** The prompt of an example, as messages and tools of a call. */
export interface ExamplePrompt {
  readonly messages: readonly Message[];
  readonly tools: Readonly<Record<string, Tool>> | undefined;
}

/** Maps an example back to the call that it is from, without the answer. */
export function toPrompt({ messages, tools }: ChatExample): ExamplePrompt {
  return {
    messages: messages.slice(0, -1).map(toMessage),
    tools:
      tools === undefined
        ? undefined
        : Object.fromEntries(
            tools.map(({ function: { name, description, parameters } }) => [
              name,
              { ...(description === undefined ? {} : { description }), inputSchema: toObject(parameters) },
            ]),
          ),
  };
}

// What `isRecord` accepts of a JSON value is a JSON object.
const toObject = (value: JsonValue): JsonObject => (isRecord(value) ? (value as JsonObject) : {});

function toMessage(message: ChatMessage): Message {
  switch (message.role) {
    case "tool":
      return {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: message.tool_call_id, output: message.content }],
      };
    case "assistant": {
      const { content, tool_calls: calls = [] } = message;
      if (calls.length === 0) return { role: "assistant", content: content ?? "" };
      const text = content === null ? [] : [{ type: "text", text: content } as const];
      const parts = calls.map(
        ({ id, function: { name, arguments: json } }) =>
          ({ type: "tool-call", id, name, input: JSON.parse(json) }) as const,
      );
      return { role: "assistant", content: [...text, ...parts] };
    }
    default:
      return { role: message.role, content: message.content };
  }
}
