/** Quotes that a sloppy string may stand in, each with the one that ends it. */
const CLOSING = new Map([
  [0x22, 0x22],
  [0x27, 0x27],
  [0x60, 0x60],
  [0x201c, 0x201d],
]);

/** The double quote, the only one of JSON. */
export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `{`, `[`, comma, colon. */
const BEFORE_A_VALUE = new Set([0x7b, 0x5b, 0x2c, 0x3a]);
/** Comma, colon, `}`, `]`, the end of the text. */
const AFTER_A_STRING = new Set([0x2c, 0x3a, 0x7d, 0x5d, Number.NaN]);

/** A blank of any script, as `trim` takes them. */
export function isBlank(code: number): boolean {
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

/** Whether a string begins with this character. `previous`: the last one before it that is not blank. */
export function beginsString(code: number, previous: number): boolean {
  if (code === QUOTE) return true;
  return (code === 0x27 || code === 0x60 || code === 0x201c) && BEFORE_A_VALUE.has(previous);
}

/**
 * The place of the quote that ends the string which begins at `start`; `null` when none does. A quote that nobody escaped does not
 * end it, unless what follows could follow a string.
 */
export function endOfString(text: string, start: number): number | null {
  const quote = CLOSING.get(text.charCodeAt(start));
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === quote && AFTER_A_STRING.has(nextInk(text, at + 1))) return at;
  }
  return null;
}

/** The next character that is not blank; `NaN` at the end of the text. */
function nextInk(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return text.charCodeAt(at);
}
