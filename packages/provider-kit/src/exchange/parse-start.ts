import { parseJSON } from "../read-field.ts";

/**
 * Parses a JSON text whose end may be missing: open strings, arrays and objects are closed, and a member without a value is dropped.
 * `undefined` if it is not JSON. For error bodies, of which only the beginning is read.
 */
export function parseStart(text: string): unknown {
  const whole = parseJSON(text);
  if (whole !== undefined || !/^\s*[{[]/.test(text)) return whole;
  const { closed, lastComma } = close(text);
  return parseJSON(closed) ?? (lastComma < 0 ? undefined : parseJSON(close(text.slice(0, lastComma)).closed));
}

/** Closes whatever is open at the end of a text. `lastComma` is the index of the last comma outside strings, -1 if there is none. */
function close(text: string): { readonly closed: string; readonly lastComma: number } {
  /** The closing characters of open objects and arrays, outermost first. */
  const closers: string[] = [];
  let lastComma = -1;
  let inString = false;
  // An escape may be cut off.
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
