import { isRecord } from "@babylon/llm-core";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkBlock } from "./check-claude-block.ts";
import { refuseField } from "./refuse-field.ts";

/** The facts that the checks of a conversation collect. */
export interface ReadConversation {
  readonly text: string;
  readonly lastUserText: string;
  readonly count: number;
  /** Whether the model is to continue an assistant's turn. */
  readonly prefilled: boolean;
}

/** Anthropic treats consecutive messages of one role as one turn. */
interface Turn {
  readonly role: "user" | "assistant";
  readonly blocks: { readonly block: Record<string, unknown>; readonly path: string }[];
}

/**
 * Checks the conversation as Anthropic does: roles, blocks, tool results directly after their calls, signatures of thinking.
 *
 * @param newVersion - whether the API version is 2026-10-21, which refuses documents in the assistant's turns
 */
export function checkClaudeMessages(messages: unknown, model: string, newVersion: boolean): ReadConversation {
  const turns = turnsOf(messages);
  checkIds(turns);
  const texts: string[] = [];
  let lastUserText = "";
  for (const [index, turn] of turns.entries()) {
    const from = texts.length;
    for (const { block, path } of turn.blocks) checkBlock(block, path, turn.role, { model, newVersion, texts });
    checkToolResults(turn, turns[index - 1], turns[index + 1]);
    lastUserText = turn.role === "user" ? texts.slice(from).join("\n") : "";
  }
  return {
    text: texts.join("\n"),
    lastUserText,
    count: Array.isArray(messages) ? messages.length : 0,
    prefilled: turns.at(-1)?.role === "assistant",
  };
}

/** Ids of calls are unique over the whole conversation. */
function checkIds(turns: readonly Turn[]): void {
  const seen = new Set<string>();
  for (const { block, path } of turns.flatMap(({ blocks }) => blocks)) {
    if (block.type !== "tool_use") continue;
    const id = String(block.id);
    if (seen.has(id)) throw refuseField(path, "`tool_use` ids must be unique");
    seen.add(id);
  }
}

function turnsOf(messages: unknown): readonly Turn[] {
  if (!Array.isArray(messages))
    throw refuseField("messages", messages === undefined ? "Field required" : "Input should be a valid array");
  if (messages.length === 0) throw refuseField("messages", "at least one message is required");
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    if (!isRecord(message)) throw refuseField(path, "Input should be an object");
    const { role, content } = message;
    if (role === "system") {
      throw new RequestRefusedError(
        "other",
        path,
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
      );
    }
    if (role !== "user" && role !== "assistant")
      throw refuseField(`${path}.role`, "Input should be 'user' or 'assistant'");
    for (const field of Object.keys(message)) {
      if (field !== "role" && field !== "content")
        throw refuseField(`${path}.${field}`, "Extra inputs are not permitted");
    }
    const blocks = blocksOf(content, path, role, index === messages.length - 1);
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks: [...blocks] });
  }
  if (turns[0]?.role !== "user") throw refuseField("messages", 'first message must use the "user" role');
  return turns;
}

function blocksOf(content: unknown, path: string, role: Turn["role"], last: boolean): Turn["blocks"] {
  const list = typeof content === "string" ? (content === "" ? [] : [{ type: "text", text: content }]) : content;
  if (!Array.isArray(list)) throw refuseField(`${path}.content`, "Input should be a valid string or array");
  if (list.length === 0 && !(last && role === "assistant")) {
    throw refuseField(path, "all messages must have non-empty content except for the optional final assistant message");
  }
  return list.map((block, index) => {
    const at = `${path}.content.${index}`;
    if (!isRecord(block)) throw refuseField(at, "Input should be an object");
    return { block, path: at };
  });
}

/** Every call of an assistant's turn is answered at the start of the next turn, and nothing else is answered. */
function checkToolResults(turn: Turn, before: Turn | undefined, after: Turn | undefined): void {
  if (turn.role === "assistant") {
    const calls = idsOf(turn, "tool_use", "id");
    if (calls.length === 0) return;
    const answered = leadingResults(after);
    const open = calls.filter((id) => !answered.includes(id));
    if (open.length === 0) return;
    const path = turn.blocks[0]?.path.replace(/\.content\.\d+$/, "") ?? "messages";
    throw refuseField(
      path,
      `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
  const called = before === undefined ? [] : idsOf(before, "tool_use", "id");
  for (const { block, path } of turn.blocks) {
    if (block.type !== "tool_result" || called.includes(String(block.tool_use_id))) continue;
    throw refuseField(
      path,
      `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(block.tool_use_id)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
}

const idsOf = (turn: Turn, type: string, field: string): readonly string[] =>
  turn.blocks.filter(({ block }) => block.type === type).map(({ block }) => String(block[field]));

function leadingResults(turn: Turn | undefined): readonly string[] {
  if (turn?.role !== "user") return [];
  const end = turn.blocks.findIndex(({ block }) => block.type !== "tool_result");
  const leading = end < 0 ? turn.blocks : turn.blocks.slice(0, end);
  return leading.map(({ block }) => String(block.tool_use_id));
}
