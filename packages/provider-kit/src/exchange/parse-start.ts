import { parseJSON } from "../read-field.ts";

/**
 * The value of a JSON text whose end may be missing: what is open where it ends is closed there, and a member that has no value yet
 * is left out. `undefined` when it is not JSON. For error bodies, of which only the beginning is read.
 */
export function parseStart(text: string): unknown {
  const whole = parseJSON(text);
  if (whole !== undefined || !/^\s*[{[]/.test(text)) return whole;
  const { closed, beforeComma } = closings(text);
  return parseJSON(closed) ?? (beforeComma === null ? undefined : parseJSON(beforeComma));
}

/** The text with everything closed at its end, and the same with what follows its last comma left out. */
function closings(text: string): { readonly closed: string; readonly beforeComma: string | null } {
  let closers = "";
  let beforeComma: { readonly at: number; readonly closers: string } | null = null;
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
    else if (char === "{") closers = `}${closers}`;
    else if (char === "[") closers = `]${closers}`;
    else if (char === "}" || char === "]") closers = closers.slice(1);
    else if (char === ",") beforeComma = { at, closers };
  }
  return {
    closed: text.slice(0, end) + (inString ? '"' : "") + closers,
    beforeComma: beforeComma === null ? null : text.slice(0, beforeComma.at) + beforeComma.closers,
  };
}
