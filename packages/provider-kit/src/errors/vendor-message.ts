import { arrayField, fieldOf, stringField } from "../read-field.ts";

/** Longest body of an error that is looked at, in characters. */
const MAX_BODY = 65_536;
/** Longest sentence that is taken from it: what patterns are tried on is never longer. */
const MAX_MESSAGE = 4_096;

/**
 * The sentence in a vendor's error body, of 4,096 characters at most, wherever it keeps it: `error.message`, `error`, `detail` (also
 * FastAPI's list, of which only place and message are taken, because it repeats the input), `message` (of AWS also `Message`), the
 * title of an HTML page, the text itself.
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
  return (
    stringField(error, "message") ??
    stringField(body, "error") ??
    stringField(body, "detail") ??
    messageOfDetails(arrayField(body, "detail")) ??
    stringField(fieldOf(body, "detail"), "message") ??
    stringField(body, "message") ??
    stringField(body, "Message") ??
    stringField(error, "code") ??
    stringField(error, "type") ??
    (typeof body === "string" ? body : "")
  );
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
