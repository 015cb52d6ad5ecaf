import { parseJSON } from "../read-field.ts";

/**
 * The value of a JSON text whose end may be missing: what is open where it ends is closed there, and a member that has no value yet
 * is left out. `undefined` when it is not JSON. For error bodies, of which only the beginning is read.
 */
export function parseStart(text: string): unknown {
  const whole = parseJSON(text);
  if (whole !== undefined || !/^\s*[{[]/.test(text)) return whole;
  const { closed, lastComma } = close(text);
  return parseJSON(closed) ?? (lastComma < 0 ? undefined : parseJSON(close(text.slice(0, lastComma)).closed));
}

/** The text with everything closed at its end, and the place of its last comma outside of strings; -1: it has none. */
function close(text: string): { readonly closed: string; readonly lastComma: number } {
  /** Of what is open, the outermost first. */
  const closers: string[] = [];
  let lastComma = -1;
  let inString = false;
  // An escape may be cut in two.
  let end = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inString && char === "\\") {
      const length = text[at + 1] === "u" ? 6 : 2;
      if (at + length > text.length) end = at;
      at += length - 1;
    } else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === "{") closers.push("}");
    else if (char === "[") closers.push("]");
    else if (char === "}" || char === "]") closers.pop();
    else if (char === ",") lastComma = at;
  }
  return { closed: text.slice(0, end) + (inString ? '"' : "") + closers.reverse().join(""), lastComma };
}
