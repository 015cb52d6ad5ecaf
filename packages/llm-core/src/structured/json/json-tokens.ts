const QUOTE_MARK = 0x22;
const BACKSLASH = 0x5c;
const COMMA_MARK = 0x2c;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** Characters that may follow a backslash, except `u`. */
export const SIMPLE_ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)));

/** The literal that begins with a character; empty: none. */
export function literalOf(code: number): string {
  if (code === 0x74) return "true";
  if (code === 0x66) return "false";
  return code === 0x6e ? "null" : "";
}

/**
 * Position after the closing quote of a string whose content begins at `from`; 0: the piece ends first, or it must be read by character.
 */
export function endOfStringToken(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE_MARK) return at + 1;
    if (code < 0x20) return 0;
    if (code === BACKSLASH) {
      at += 1;
      if (!SIMPLE_ESCAPES.has(text.charCodeAt(at))) return 0;
    }
  }
  return 0;
}

/** Position after a literal, or a number without point or exponent; 0: the piece ends first, or it must be read by character. */
export function endOfScalarToken(text: string, start: number, code: number): number {
  if (code > 0x30 && code <= 0x39) {
    for (let at = start + 1; at < text.length; at += 1) {
      const next = text.charCodeAt(at);
      if (next === COMMA_MARK || next === CLOSE_OBJECT || next === CLOSE_ARRAY) return at;
      if (next < 0x30 || next > 0x39) return 0;
    }
    return 0;
  }
  const literal = literalOf(code);
  return literal !== "" && text.startsWith(literal, start) ? start + literal.length : 0;
}
