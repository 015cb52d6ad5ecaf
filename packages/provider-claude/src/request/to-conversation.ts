import type { JsonObject, Message } from "@babylon/llm-core";
import { stringField } from "@babylon/provider-kit";
import type { Link } from "../link.ts";
import { toBlocks } from "./to-blocks.ts";

/** A conversation as Anthropic takes it: the system text apart, turns that alternate. */
export interface Conversation {
  /** A plain text, or blocks where one of them carries a mark; `null`: none. */
  readonly system: string | readonly JsonObject[] | null;
  readonly messages: readonly JsonObject[];
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/** Said in the place of the user's first turn where there is none, because Anthropic wants one. */
const OPENING = "(The assistant begins the conversation.)";

/**
 * Sorts messages into Anthropic's form. System messages are joined in order; tool results are part of the user's turn; neighbours of
 * one role become one turn, as all results of a round of tool calls must stand in the turn behind it.
 *
 * @throws LLMError `unsupported` for an image or a file in a form that Anthropic does not take
 */
export function toConversation(messages: readonly Message[], link: Link): Conversation {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const message of messages) {
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

/** A last turn of the assistant, which the model is to continue, may not end in blanks: Anthropic refuses it. */
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
