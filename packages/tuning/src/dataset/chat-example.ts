import type { JsonValue } from "@babylon/llm-core";

/** A tool call in the chat format. The arguments are JSON text. */
export interface ChatToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A message in the chat format. */
export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string | null; readonly tool_calls?: readonly ChatToolCall[] }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string };

/** A tool definition in the chat format. */
export interface ChatTool {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: JsonValue };
}

/** One line of a dataset: a conversation whose last message is the answer to learn. */
export interface ChatExample {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
}
