import { isRecord } from "@babylon/llm-core";
import { refuseField } from "./refuse-field.ts";
import { signThinking } from "./thinking-signature.ts";

type Role = "user" | "assistant";

/** The context of a block's check. */
export interface BlockScope {
  readonly model: string;
  readonly newVersion: boolean;
  /** Filled with the text that the model reads. */
  readonly texts: string[];
}

/** The fields of each supported kind of block. Anthropic has further kinds, which the simulator refuses. */
const BLOCK_FIELDS: Readonly<Record<string, readonly string[]>> = {
  text: ["text", "cache_control", "citations"],
  image: ["source", "cache_control"],
  document: ["source", "cache_control", "title", "context", "citations"],
  tool_use: ["id", "name", "input", "cache_control"],
  tool_result: ["tool_use_id", "content", "is_error", "cache_control"],
  thinking: ["thinking", "signature"],
  redacted_thinking: ["data"],
};

const ROLE_OF_BLOCK: Readonly<Record<string, Role>> = {
  image: "user",
  tool_result: "user",
  tool_use: "assistant",
  thinking: "assistant",
  redacted_thinking: "assistant",
};

/** Checks one block of a message: its kind, its fields and the rules of the kind. */
export function checkBlock(block: Record<string, unknown>, path: string, role: Role, scope: BlockScope): void {
  const { type } = block;
  const fields = typeof type === "string" ? BLOCK_FIELDS[type] : undefined;
  if (typeof type !== "string" || fields === undefined) {
    const known = Object.keys(BLOCK_FIELDS)
      .map((one) => `'${one}'`)
      .join(", ");
    throw refuseField(
      path,
      `Input tag '${String(type)}' found using 'type' does not match any of the expected tags: ${known}`,
    );
  }
  const wanted = ROLE_OF_BLOCK[type];
  if (wanted !== undefined && wanted !== role) {
    throw refuseField(path, `\`${type}\` blocks can only be in \`${wanted}\` messages`);
  }
  for (const field of Object.keys(block)) {
    if (field !== "type" && !fields.includes(field))
      throw refuseField(`${path}.${type}.${field}`, "Extra inputs are not permitted");
  }
  switch (type) {
    case "text":
      checkText(block, path, role, scope);
      return;
    case "thinking":
      checkThinking(block, path, scope);
      return;
    case "redacted_thinking":
      // The simulator never sends one, so it is foreign.
      throw refuseField(path, "Invalid `data` in `redacted_thinking` block");
    case "tool_use":
      if (typeof block.id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(block.id)) {
        throw refuseField(`${path}.tool_use.id`, "String should match pattern '^[a-zA-Z0-9_-]+$'");
      }
      if (!isRecord(block.input)) throw refuseField(`${path}.tool_use.input`, "Input should be an object");
      scope.texts.push(String(block.name), JSON.stringify(block.input));
      return;
    case "tool_result":
      scope.texts.push(typeof block.content === "string" ? block.content : JSON.stringify(block.content ?? ""));
      return;
    case "document":
      if (scope.newVersion && role === "assistant")
        throw refuseField(path, "`document` blocks are not permitted in `assistant` messages");
      checkSource(block, path);
      return;
    case "image":
      checkSource(block, path);
  }
}

function checkText(block: Record<string, unknown>, path: string, role: Role, scope: BlockScope): void {
  if (typeof block.text !== "string") throw refuseField(`${path}.text.text`, "Field required");
  if (block.text === "") throw refuseField("messages", "text content blocks must be non-empty");
  if (block.text.trim() === "") {
    throw refuseField("messages", "text content blocks must contain non-whitespace text");
  }
  if (scope.newVersion && role === "user" && block.citations !== undefined) {
    throw refuseField(`${path}.text.citations`, "Extra inputs are not permitted");
  }
  scope.texts.push(block.text);
}

function checkThinking(block: Record<string, unknown>, path: string, { model }: BlockScope): void {
  if (typeof block.signature !== "string") throw refuseField(`${path}.thinking.signature`, "Field required");
  const thinking = typeof block.thinking === "string" ? block.thinking : "";
  if (block.signature !== signThinking(model, thinking)) {
    throw refuseField(path, "Invalid `signature` in `thinking` block");
  }
}

function checkSource({ type, source }: Record<string, unknown>, path: string): void {
  const at = `${path}.${String(type)}.source`;
  if (!isRecord(source)) throw refuseField(at, "Field required");
  if (source.type === "base64") {
    if (typeof source.media_type !== "string") throw refuseField(`${at}.base64.media_type`, "Field required");
    if (typeof source.data !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(source.data)) {
      throw refuseField(`${at}.base64.data`, "Input should be valid base64");
    }
    const images = ["image/jpeg", "image/png", "image/gif", "image/webp"];
    if (type === "image" && !images.includes(source.media_type)) {
      throw refuseField(`${at}.base64.media_type`, `Input should be ${images.map((one) => `'${one}'`).join(", ")}`);
    }
    return;
  }
  if (source.type === "url" && typeof source.url === "string" && source.url.startsWith("https://")) return;
  if (source.type === "url") throw refuseField(`${at}.url.url`, "Only HTTPS URLs are supported.");
  if (source.type === "text" && type === "document") return;
  throw refuseField(
    at,
    `Input tag '${String(source.type)}' found using 'type' does not match any of the expected tags: 'base64', 'url'`,
  );
}
