import type { CallRecord, RecordedContent } from "@babylon/llm-core";
import { SecretFoundError, type TextScrubber } from "../scrub/scrub-json.ts";
import type { ChatExample, ChatMessage, ChatTool } from "./chat-example.ts";
import type { DropReason } from "./drop-reason.ts";
import { type ChatMapping, createCallIds, toAnswer, toChatMessages, toChatToolCall } from "./to-chat-messages.ts";

/** Why a record without a complete answer is not used; `null`: it has one. Pure. */
export function incompleteReason({ outcome, finishReason, seams, attempts, content }: CallRecord): DropReason | null {
  if (outcome !== "success" || (finishReason !== "stop" && finishReason !== "tool-calls")) return "failed";
  if (seams.length > 0 || attempts.some(({ kind }) => kind === "continue")) return "stitched";
  return content === undefined ? "no-content" : null;
}

/** Maps a call to an example, without secrets and personal data; or the reason why it cannot be used. */
export function toExample(content: RecordedContent, scrubber: TextScrubber): ChatExample | DropReason {
  const { text, toolCalls, messages } = content;
  if ((text ?? "").trim() === "" && toolCalls.length === 0) return "empty";
  if (toolCalls.some(({ invalid }) => invalid !== null)) return "invalid-tool-call";
  try {
    const mapping: ChatMapping = { json: scrubber.json, name: scrubber.name, id: createCallIds() };
    const prompt = toChatMessages(messages, mapping);
    if (prompt === null) return "media";
    const calls = toolCalls.map((call) => toChatToolCall(call, mapping));
    const tools = toTools(content, scrubber);
    const all = [...prompt, toAnswer(text ?? "", calls)].map((message) => scrubMessage(message, scrubber));
    return tools.length === 0 ? { messages: all } : { messages: all, tools };
  } catch (thrown) {
    if (thrown instanceof SecretFoundError) return "secret";
    throw thrown;
  }
}

/** Arguments are scrubbed already, as values: as JSON text they would have escapes. */
function scrubMessage(message: ChatMessage, { text }: TextScrubber): ChatMessage {
  switch (message.role) {
    case "assistant": {
      const { role, content, tool_calls } = message;
      return {
        role,
        content: content === null ? null : text(content),
        ...(tool_calls === undefined ? {} : { tool_calls }),
      };
    }
    case "tool":
      return { role: "tool", tool_call_id: message.tool_call_id, content: text(message.content) };
    default:
      return { role: message.role, content: text(message.content) };
  }
}

/** The tools of the last request. */
function toTools({ requests }: RecordedContent, scrubber: TextScrubber): readonly ChatTool[] {
  return Object.entries(requests.at(-1)?.tools ?? {}).map(([name, { description, inputSchema }]) => ({
    type: "function",
    function: {
      name: scrubber.name(name),
      ...(description === undefined ? {} : { description: scrubber.text(description) }),
      parameters: scrubber.json(inputSchema),
    },
  }));
}
