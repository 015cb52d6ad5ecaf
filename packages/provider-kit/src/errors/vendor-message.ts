import { arrayField, fieldOf, stringField } from "../read-field.ts";

/** Longest body of an error that is looked at, in characters. */
const MAX_BODY = 65_536;
/** Longest sentence that is taken from it: what patterns are tried on is never longer. */
const MAX_MESSAGE = 4_096;

/** Where an error's sentence stands, in the order in which it is looked for. */
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
/** What an error may be wrapped in. */
const WRAPPERS = ["error", "errors", "base_resp"] as const;

/** How deep sentences are looked for. */
const MAX_DEPTH = 4;

/**
 * The sentence in a vendor's error body, of 4,096 characters at most, wherever it keeps it: `error.message`, `error`, `errors[]`,
 * `detail` (also FastAPI's list, of which only place and message are taken, because it repeats the input), `message`, `msg`, MiniMax's
 * `base_resp`, any of these within another, the title of an HTML page, the text itself.
 * Empty when there is none. It may hold keys and prompts: see `cleanText`.
 *
 * @param body - the parsed body; `undefined` when it is no JSON
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

/** Of a body: what is in a wrapper comes before what stands beside it, such as the name of the status. */
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

/** Whether a text is a web page, as gateways and wrong base URLs answer with. */
export function isHTML(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)\b/i.test(text);
}
