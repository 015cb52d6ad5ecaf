import { arrayField, fieldOf, stringField } from "../read-field.ts";

/** Maximum number of characters of an error body that are read. */
const MAX_BODY = 65_536;
/** Maximum length of a message. It bounds the time that patterns take. */
const MAX_MESSAGE = 4_096;

/** Fields that hold an error's message, in order of precedence. */
const SENTENCES = [
  "message",
  "detail",
  "msg",
  "error_msg",
  "error_message",
  "error_description",
  "errorMessage",
  "status_msg",
  "Message",
  "description",
  "reason",
] as const;
/** Fields that wrap an error. */
const WRAPPERS = ["error", "errors", "base_resp"] as const;

/** Maximum nesting depth of a message. */
const MAX_DEPTH = 4;

/**
 * Extracts the message from a vendor's error body, 4,096 characters at most: `error.message`, `error`, `errors[]`, `detail` (of FastAPI's
 * list only location and message, because it repeats the input), `message`, `msg`, MiniMax's `base_resp`, any of these nested in another,
 * the title of an HTML page, or the text itself. Empty if there is none. It may contain keys and prompts: see `cleanText`.
 *
 * @param body - the parsed body; `undefined` if it is not JSON
 */
export function vendorMessage(body: unknown, text: string): string {
  const message = body === undefined ? messageOfText(text.slice(0, MAX_BODY)) : messageOfBody(body);
  return message.slice(0, MAX_MESSAGE);
}

function messageOfBody(body: unknown): string {
  const error = fieldOf(body, "error");
  const sentence = typeof body === "string" ? body : wrapped(body, 0);
  return sentence ?? stringField(error, "code") ?? stringField(error, "type") ?? "";
}

/** For the top level of a body: wrapped messages take precedence over sibling fields, such as the name of the status. */
function wrapped(value: unknown, depth: number): string | null {
  return firstOf(value, [...WRAPPERS, ...SENTENCES], depth);
}

function firstOf(value: unknown, names: readonly string[], depth: number): string | null {
  for (const name of names) {
    const sentence = sentenceOf(fieldOf(value, name), depth + 1);
    if (sentence !== null) return sentence;
  }
  return null;
}

function sentenceOf(value: unknown, depth: number): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return null;
  if (!Array.isArray(value)) return firstOf(value, [...SENTENCES, ...WRAPPERS], depth);
  return messageOfDetails(value) ?? sentenceOf(value[0], depth + 1);
}

function messageOfDetails(details: readonly unknown[]): string | null {
  let lines: string | null = null;
  for (const detail of details) {
    const message = stringField(detail, "msg");
    if (message === null) continue;
    const place = arrayField(detail, "loc").filter((step) => typeof step === "string" || typeof step === "number");
    const line = place.length === 0 ? message : `${place.join(".")}: ${message}`;
    lines = lines === null ? line : `${lines}; ${line}`;
    if (lines.length > MAX_MESSAGE) break;
  }
  return lines;
}

function messageOfText(text: string): string {
  const trimmed = text.trim();
  if (!isHTML(trimmed)) return trimmed;
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(trimmed)?.[1]?.trim();
  return title ? `an HTML page, "${title}"` : "an HTML page";
}

/** Whether a text is an HTML page, as returned by gateways and for wrong base URLs. */
export function isHTML(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)\b/i.test(text);
}
