/** Opening quotes of malformed strings, each with its closing quote. */
const CLOSING = new Map([
  [0x22, 0x22],
  [0x27, 0x27],
  [0x60, 0x60],
  [0x201c, 0x201d],
]);

/** The code of the double quote, the only quote in JSON. */
export const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `{`, `[`, comma, colon. */
const BEFORE_A_VALUE = new Set([0x7b, 0x5b, 0x2c, 0x3a]);
/** Comma, colon, `}`, `]`, the end of the text. */
const AFTER_A_STRING = new Set([0x2c, 0x3a, 0x7d, 0x5d, Number.NaN]);

/** Whether `String.prototype.trim` would remove the character. */
export function isWhitespace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0xa0) return false;
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** Whether a string begins with this character. `previous`: the last character before it that is not white space. */
export function beginsString(code: number, previous: number): boolean {
  if (code === DOUBLE_QUOTE) return true;
  return (code === 0x27 || code === 0x60 || code === 0x201c) && BEFORE_A_VALUE.has(previous);
}

/**
 * Position of the quote that ends the string begun at `start`; `null`: it does not end. An unescaped quote ends it only if what follows may
 * follow a string.
 */
export function endOfString(text: string, start: number): number | null {
  const quote = CLOSING.get(text.charCodeAt(start));
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === quote && AFTER_A_STRING.has(nextNonBlank(text, at + 1))) return at;
  }
  return null;
}

/** The code of the next character that is not white space; `NaN` at the end of the text. */
function nextNonBlank(text: string, from: number): number {
  let at = from;
  while (isWhitespace(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at);
}
