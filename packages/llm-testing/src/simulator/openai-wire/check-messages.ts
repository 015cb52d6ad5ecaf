import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { onlyKnown, requiredList, requiredObject, requiredString } from "./check-fields.ts";

/** How the vendors' checks of messages differ. */
export interface MessageRules {
  readonly roles: readonly string[];
  /** Fields of an assistant message besides role, content, name and tool_calls. */
  readonly assistantFields: readonly string[];
  /** Whether the model accepts images; otherwise the message of the refusal. */
  readonly images: true | ((path: string) => RequestRefusedError);
}

/** The facts that the checks of messages collect. */
export interface ReadMessages {
  /** All text, joined with line breaks. */
  readonly text: string;
  readonly lastUserText: string;
  readonly count: number;
}

interface OpenCalls {
  readonly ids: Set<string>;
  readonly path: string;
}

/**
 * Checks the messages of a chat completion as OpenAI does: roles, shapes, and that every tool call is answered by a tool message
 * directly after it.
 */
export function checkMessages(value: unknown, rules: MessageRules): ReadMessages {
  const list = requiredList(value, "messages");
  const texts: string[] = [];
  let lastUserText = "";
  let open: OpenCalls | null = null;
  for (const [index, item] of list.entries()) {
    const path = `messages[${index}]`;
    const message = requiredObject(item, path);
    const role = requiredString(message, "role", path);
    if (!rules.roles.includes(role)) {
      const known = rules.roles.map((one) => `'${one}'`).join(", ");
      throw new RequestRefusedError(
        "value",
        `${path}.role`,
        `Invalid value: '${role}'. Supported values are: ${known}.`,
      );
    }
    if (role === "tool") answerCall(message, path, open);
    else {
      refuseUnanswered(open);
      open = null;
    }
    const from = texts.length;
    checkContent(message, role, path, rules, texts);
    lastUserText = role === "user" ? texts.slice(from).join("\n") : "";
    if (role === "assistant") open = checkToolCalls(message, path, texts);
  }
  refuseUnanswered(open);
  return { text: texts.join("\n"), lastUserText, count: list.length };
}

const COMMON = ["role", "content", "name"] as const;

function checkContent(message: Fields, role: string, path: string, rules: MessageRules, texts: string[]): void {
  const own = role === "assistant" ? ["tool_calls", ...rules.assistantFields] : role === "tool" ? ["tool_call_id"] : [];
  onlyKnown(message, new Set<string>([...COMMON, ...own]), path);
  const { content } = message;
  if (typeof content === "string") {
    texts.push(content);
    return;
  }
  if (Array.isArray(content)) {
    for (const [index, part] of content.entries()) checkPart(part, role, `${path}.content[${index}]`, rules, texts);
    return;
  }
  if (role === "assistant" && Array.isArray(message.tool_calls)) return;
  const got = content === undefined || content === null ? "null" : typeof content;
  throw new RequestRefusedError(
    "type",
    `${path}.content`,
    `Invalid value for 'content': expected a string, got ${got}.`,
  );
}

function checkPart(value: unknown, role: string, path: string, rules: MessageRules, texts: string[]): void {
  const part = requiredObject(value, path);
  const type = requiredString(part, "type", path);
  if (type === "text") {
    texts.push(requiredString(part, "text", path));
    onlyKnown(part, new Set(["type", "text", "prompt_cache_breakpoint"]), path);
    return;
  }
  if (role !== "user" || !["image_url", "file", "input_audio"].includes(type)) {
    const known = role === "user" ? "'text', 'image_url', 'input_audio', and 'file'" : "'text'";
    throw new RequestRefusedError("value", `${path}.type`, `Invalid value: '${type}'. Supported values are: ${known}.`);
  }
  if (rules.images !== true) throw rules.images(path);
  if (type !== "image_url") return;
  const image = requiredObject(part.image_url, `${path}.image_url`);
  const url = requiredString(image, "url", `${path}.image_url`);
  if (!/^(https?:\/\/|data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=]+$)/.test(url)) {
    const message = `Invalid image URL: '${path}.image_url.url'. Expected a valid URL or a base64-encoded data URL.`;
    throw new RequestRefusedError("value", `${path}.image_url.url`, message, "invalid_image_url");
  }
}

function checkToolCalls(message: Fields, path: string, texts: string[]): OpenCalls | null {
  if (message.tool_calls === undefined || message.tool_calls === null) return null;
  const ids = new Set<string>();
  for (const [index, item] of requiredList(message.tool_calls, `${path}.tool_calls`).entries()) {
    const at = `${path}.tool_calls[${index}]`;
    const call = requiredObject(item, at);
    onlyKnown(call, new Set(["id", "type", "function"]), at);
    const type = requiredString(call, "type", at);
    if (type !== "function") {
      throw new RequestRefusedError(
        "value",
        `${at}.type`,
        `Invalid value: '${type}'. Supported values are: 'function'.`,
      );
    }
    const called = requiredObject(call.function, `${at}.function`);
    texts.push(requiredString(called, "name", `${at}.function`));
    texts.push(requiredString(called, "arguments", `${at}.function`));
    ids.add(requiredString(call, "id", at));
  }
  return { ids, path };
}

function answerCall(message: Fields, path: string, open: OpenCalls | null): void {
  const id = requiredString(message, "tool_call_id", path);
  if (open === null) {
    const text =
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
    throw new RequestRefusedError("other", `${path}.role`, text);
  }
  if (!open.ids.delete(id)) {
    throw new RequestRefusedError(
      "other",
      `${path}.tool_call_id`,
      `Invalid parameter: 'tool_call_id' of '${id}' not found in 'tool_calls' of previous message.`,
    );
  }
}

function refuseUnanswered(open: OpenCalls | null): void {
  if (open === null || open.ids.size === 0) return;
  throw new RequestRefusedError(
    "other",
    open.path,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open.ids].join(", ")}`,
  );
}

/** Whether any text of a request contains a word, case-insensitive. */
export const mentions = (text: string, word: string): boolean => new RegExp(word, "i").test(text);
