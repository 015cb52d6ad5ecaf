import { beginsString, DOUBLE_QUOTE, endOfString, isWhitespace } from "./quotes.ts";

const COMMA = 0x2c;
/** Text without any quote or doubled comma needs no change. */
const CHANGES = /["'`\u201c]|,\s*,/;

/**
 * Prepares malformed JSON for `repairJson`: changes other quotes around strings to double quotes, escapes raw control characters in them,
 * and removes doubled commas.
 */
export function requote(source: string): string {
  if (!CHANGES.test(source)) return source;
  const parts: string[] = [];
  /** Opening quotes for which no closing quote follows. */
  let endless: Set<number> | null = null;
  let previous = 0;
  /** Position up to which the text is in `parts`. */
  let copiedTo = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    const begins = beginsString(code, previous) && endless?.has(code) !== true;
    const end = begins ? endOfString(source, at) : null;
    if (begins && end === null) {
      endless ??= new Set();
      endless.add(code);
    }
    if (end !== null) {
      parts.push(source.slice(copiedTo, at), toDoubleQuoted(source.slice(at + 1, end), code === DOUBLE_QUOTE));
      copiedTo = end + 1;
      at = end;
    } else if (code === COMMA && previous === COMMA) {
      parts.push(source.slice(copiedTo, at));
      copiedTo = at + 1;
    }
    if (!isWhitespace(code)) previous = code;
  }
  return parts.join("") + source.slice(copiedTo);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TO_ESCAPE = /\\([\s\S])|"|[\u0000-\u001f]/g;

/** Unescaped quotes in a double-quoted string are left to `repairJson`, which uses more context. */
function toDoubleQuoted(inner: string, wasDouble: boolean): string {
  return `"${inner.replace(TO_ESCAPE, (whole, escaped: string | undefined) => {
    if (whole === '"') return wasDouble ? whole : '\\"';
    // A line break may also mean that the closing quote is missing.
    if (escaped === undefined) return wasDouble && whole.trim() === "" ? whole : JSON.stringify(whole).slice(1, -1);
    return escaped === "'" || escaped === "`" ? escaped : whole;
  })}"`;
}
