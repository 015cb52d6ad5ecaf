import { isRecord } from "@babylon/llm-core";
import { RequestRefused } from "../refusal.ts";
import { signThinking } from "./thinking-signature.ts";

/** What the checks of the conversation found out on the way. */
export interface ReadConversation {
  readonly text: string;
  readonly lastUserText: string;
  readonly count: number;
  /** Whether the model is to continue an assistant's turn. */
  readonly prefilled: boolean;
}

/** Consecutive messages of one role are one turn to Anthropic. */
interface Turn {
  readonly role: "user" | "assistant";
  readonly blocks: { readonly block: Record<string, unknown>; readonly path: string }[];
}

const refuse = (path: string, message: string): RequestRefused =>
  new RequestRefused("other", path, `${path}: ${message}`);

/**
 * Checks the conversation as Anthropic does: roles, blocks, tool results right behind their calls, signatures of thinking.
 *
 * @param newVersion - whether the API version is 2026-10-21, which refuses documents in the assistant's turns
 */
export function checkClaudeMessages(messages: unknown, model: string, newVersion: boolean): ReadConversation {
  const turns = turnsOf(messages);
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

function turnsOf(messages: unknown): readonly Turn[] {
  if (!Array.isArray(messages))
    throw refuse("messages", messages === undefined ? "Field required" : "Input should be a valid array");
  if (messages.length === 0) throw refuse("messages", "at least one message is required");
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    if (!isRecord(message)) throw refuse(path, "Input should be an object");
    const { role, content } = message;
    if (role === "system") {
      throw new RequestRefused(
        "other",
        path,
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
      );
    }
    if (role !== "user" && role !== "assistant") throw refuse(`${path}.role`, "Input should be 'user' or 'assistant'");
    for (const field of Object.keys(message)) {
      if (field !== "role" && field !== "content") throw refuse(`${path}.${field}`, "Extra inputs are not permitted");
    }
    const blocks = blocksOf(content, path, role, index === messages.length - 1);
    const last = turns.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ role, blocks: [...blocks] });
  }
  if (turns[0]?.role !== "user") throw refuse("messages", 'first message must use the "user" role');
  return turns;
}

function blocksOf(content: unknown, path: string, role: Turn["role"], last: boolean): Turn["blocks"] {
  const list = typeof content === "string" ? (content === "" ? [] : [{ type: "text", text: content }]) : content;
  if (!Array.isArray(list)) throw refuse(`${path}.content`, "Input should be a valid string or array");
  if (list.length === 0 && !(last && role === "assistant")) {
    throw refuse(path, "all messages must have non-empty content except for the optional final assistant message");
  }
  return list.map((block, index) => {
    const at = `${path}.content.${index}`;
    if (!isRecord(block)) throw refuse(at, "Input should be an object");
    return { block, path: at };
  });
}

interface BlockScope {
  readonly model: string;
  readonly newVersion: boolean;
  readonly texts: string[];
}

/** The fields of each kind of block that the simulator knows; others exist and are refused here. */
const BLOCK_FIELDS: Readonly<Record<string, readonly string[]>> = {
  text: ["text", "cache_control", "citations"],
  image: ["source", "cache_control"],
  document: ["source", "cache_control", "title", "context", "citations"],
  tool_use: ["id", "name", "input", "cache_control"],
  tool_result: ["tool_use_id", "content", "is_error", "cache_control"],
  thinking: ["thinking", "signature"],
  redacted_thinking: ["data"],
};

const ROLE_OF_BLOCK: Readonly<Record<string, Turn["role"]>> = {
  image: "user",
  tool_result: "user",
  tool_use: "assistant",
  thinking: "assistant",
  redacted_thinking: "assistant",
};

function checkBlock(block: Record<string, unknown>, path: string, role: Turn["role"], scope: BlockScope): void {
  const { type } = block;
  const fields = typeof type === "string" ? BLOCK_FIELDS[type] : undefined;
  if (typeof type !== "string" || fields === undefined) {
    const known = Object.keys(BLOCK_FIELDS)
      .map((one) => `'${one}'`)
      .join(", ");
    throw refuse(
      path,
      `Input tag '${String(type)}' found using 'type' does not match any of the expected tags: ${known}`,
    );
  }
  const wanted = ROLE_OF_BLOCK[type];
  if (wanted !== undefined && wanted !== role) {
    throw refuse(path, `\`${type}\` blocks can only be in \`${wanted}\` messages`);
  }
  for (const field of Object.keys(block)) {
    if (field !== "type" && !fields.includes(field))
      throw refuse(`${path}.${type}.${field}`, "Extra inputs are not permitted");
  }
  switch (type) {
    case "text":
      checkText(block, path, role, scope);
      return;
    case "thinking":
      checkThinking(block, path, scope);
      return;
    case "redacted_thinking":
      // The simulator writes none, so this one is another's.
      throw refuse(path, "Invalid `data` in `redacted_thinking` block");
    case "tool_use":
      if (typeof block.id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(block.id)) {
        throw refuse(`${path}.tool_use.id`, "String should match pattern '^[a-zA-Z0-9_-]+$'");
      }
      if (!isRecord(block.input)) throw refuse(`${path}.tool_use.input`, "Input should be an object");
      scope.texts.push(String(block.name), JSON.stringify(block.input));
      return;
    case "tool_result":
      scope.texts.push(typeof block.content === "string" ? block.content : JSON.stringify(block.content ?? ""));
      return;
    case "document":
      if (scope.newVersion && role === "assistant")
        throw refuse(path, "`document` blocks are not permitted in `assistant` messages");
      checkSource(block, path);
      return;
    case "image":
      checkSource(block, path);
  }
}

function checkText(block: Record<string, unknown>, path: string, role: Turn["role"], scope: BlockScope): void {
  if (typeof block.text !== "string") throw refuse(`${path}.text.text`, "Field required");
  if (block.text === "") throw refuse("messages", "text content blocks must be non-empty");
  if (scope.newVersion && role === "user" && block.citations !== undefined) {
    throw refuse(`${path}.text.citations`, "Extra inputs are not permitted");
  }
  scope.texts.push(block.text);
}

function checkThinking(block: Record<string, unknown>, path: string, { model }: BlockScope): void {
  if (typeof block.signature !== "string") throw refuse(`${path}.thinking.signature`, "Field required");
  const thinking = typeof block.thinking === "string" ? block.thinking : "";
  if (block.signature !== signThinking(model, thinking)) {
    throw refuse(path, "Invalid `signature` in `thinking` block");
  }
}

function checkSource({ type, source }: Record<string, unknown>, path: string): void {
  const at = `${path}.${String(type)}.source`;
  if (!isRecord(source)) throw refuse(at, "Field required");
  if (source.type === "base64") {
    if (typeof source.media_type !== "string") throw refuse(`${at}.base64.media_type`, "Field required");
    if (typeof source.data !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(source.data)) {
      throw refuse(`${at}.base64.data`, "Input should be valid base64");
    }
    const images = ["image/jpeg", "image/png", "image/gif", "image/webp"];
    if (type === "image" && !images.includes(source.media_type)) {
      throw refuse(`${at}.base64.media_type`, `Input should be ${images.map((one) => `'${one}'`).join(", ")}`);
    }
    return;
  }
  if (source.type === "url" && typeof source.url === "string" && source.url.startsWith("https://")) return;
  if (source.type === "url") throw refuse(`${at}.url.url`, "Only HTTPS URLs are supported.");
  if (source.type === "text" && type === "document") return;
  throw refuse(
    at,
    `Input tag '${String(source.type)}' found using 'type' does not match any of the expected tags: 'base64', 'url'`,
  );
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
    throw refuse(
      path,
      `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
  const called = before === undefined ? [] : idsOf(before, "tool_use", "id");
  for (const { block, path } of turn.blocks) {
    if (block.type !== "tool_result" || called.includes(String(block.tool_use_id))) continue;
    throw refuse(
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
