import type { JsonObject, Message } from "@babylon/llm-core";
import { stringField, type ToolIdForm, withToolIds } from "@babylon/provider-kit";
import type { Link } from "../link.ts";
import { toBlocks } from "./to-blocks.ts";

/** A conversation in Anthropic's form: a separate system text, and alternating turns. */
export interface Conversation {
  /** Plain text, or blocks if one of them has additional fields; `null`: none. */
  readonly system: string | readonly JsonObject[] | null;
  readonly messages: readonly JsonObject[];
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/** The user's first turn if the conversation has none, because Anthropic requires one. */
const OPENING = "(The assistant begins the conversation.)";

/**
 * Anthropic refuses ids with other characters, such as `functions.get_weather:0` of Kimi models, and duplicate ids (2026-11); Bedrock, which
 * serves Claude as well, accepts 64 characters.
 */
const TOOL_IDS: ToolIdForm = { refused: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

/**
 * Maps messages to Anthropic's form. System messages are joined in order; tool results are part of the user's turn; consecutive messages of one
 * role become one turn, because all results of a round of tool calls must be in the next turn.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not accept
 */
export function toConversation(messages: readonly Message[], link: Link): Conversation {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const message of withToolIds(messages, TOOL_IDS)) {
    const blocks = toBlocks(message, link);
    if (message.role === "system") {
      system.push(...blocks);
      continue;
    }
    if (blocks.length === 0) continue;
    const role = message.role === "assistant" ? "assistant" : "user";
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", content: [{ type: "text", text: OPENING }] });
  trimPrefill(turns);
  return { system: joinSystem(system), messages: turns.map(({ role, content }) => ({ role, content })) };
}

function joinSystem(blocks: readonly JsonObject[]): Conversation["system"] {
  if (blocks.length === 0) return null;
  const plain = blocks.every((block) => Object.keys(block).length === 2);
  return plain ? blocks.map((block) => stringField(block, "text")).join("\n\n") : blocks;
}

/** Removes trailing white space from a prefill (a last turn of the assistant), which Anthropic refuses. */
function trimPrefill(turns: Turn[]): void {
  const last = turns.at(-1);
  if (last?.role !== "assistant") return;
  const block = last.content.at(-1);
  const text = block?.type === "text" ? stringField(block, "text") : null;
  if (block === undefined || text === null) return;
  const trimmed = text.trimEnd();
  last.content.pop();
  if (trimmed !== "") last.content.push({ ...block, text: trimmed });
  else if (last.content.length === 0) turns.pop();
}
