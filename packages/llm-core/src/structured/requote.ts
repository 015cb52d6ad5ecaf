import { beginsString, endOfString, isBlank, QUOTE } from "./quotes.ts";

const COMMA = 0x2c;
/** Where neither a quote nor a doubled comma stands, there is nothing to change. */
const CHANGES = /["'`\u201c]|,\s*,/;

/**
 * Puts sloppy JSON into the form that `repairJson` reads best: strings in other quotes are put into double ones, raw control
 * characters in them are escaped, doubled commas are made one.
 */
export function requote(source: string): string {
  if (!CHANGES.test(source)) return source;
  const parts: string[] = [];
  /** Quotes that end no further string. */
  let endless: Set<number> | null = null;
  let previous = 0;
  /** Up to here all is in `parts`. */
  let done = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    const begins = beginsString(code, previous) && endless?.has(code) !== true;
    const end = begins ? endOfString(source, at) : null;
    if (begins && end === null) {
      endless ??= new Set();
      endless.add(code);
    }
    if (end !== null) {
      parts.push(source.slice(done, at), toDoubleQuoted(source.slice(at + 1, end), code === QUOTE));
      done = end + 1;
      at = end;
    } else if (code === COMMA && previous === COMMA) {
      parts.push(source.slice(done, at));
      done = at + 1;
    }
    if (!isBlank(code)) previous = code;
  }
  return parts.join("") + source.slice(done);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TO_ESCAPE = /\\([\s\S])|"|[\u0000-\u001f]/g;

/** Quotes that nobody escaped in a string of double quotes are left to the repair, which sees more of what is around them. */
function toDoubleQuoted(inner: string, wasDouble: boolean): string {
  return `"${inner.replace(TO_ESCAPE, (whole, escaped: string | undefined) => {
    if (whole === '"') return wasDouble ? whole : '\\"';
    // Line breaks may also mean that the string had ended before.
    if (escaped === undefined) return wasDouble && whole.trim() === "" ? whole : JSON.stringify(whole).slice(1, -1);
    return escaped === "'" || escaped === "`" ? escaped : whole;
  })}"`;
}
