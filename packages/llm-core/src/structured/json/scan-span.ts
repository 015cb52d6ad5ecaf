import { beginsString, DOUBLE_QUOTE, endOfString, isWhitespace } from "../repair/quotes.ts";

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;

/** Whether the bracket here may begin JSON, rather than prose. */
export function looksLikeJson(text: string, at: number): boolean {
  LIKE_JSON.lastIndex = at;
  return LIKE_JSON.test(text);
}

const LIKE_JSON =
  /\{\s*(?:\\?["'\u201c}]|[A-Za-z_$][\w$]*\s*:|\/[/*])|\[\s*(?:\\?["'\u201c{[\]]|-?\d|(?:true|false|null|True|False|None)\b)/y;

/**
 * Finds the end of a malformed JSON value: counts brackets and skips strings in any quotes. An unescaped quote ends a string only if what
 * follows may follow a string. Inner closing brackets may be missing, the outermost one may not.
 *
 * @returns the position after the closing bracket; `null`: the text ends first
 */
export function scanSpan(text: string, start: number): number | null {
  /** The expected closing brackets, and how many of them close arrays, to detect an unmatched one in constant time. */
  const closers: number[] = [];
  let arrays = 0;
  let previous = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT) closers.push(CLOSE_OBJECT);
    else if (code === OPEN_ARRAY) {
      closers.push(CLOSE_ARRAY);
      arrays += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      let isOpen = (code === CLOSE_ARRAY ? arrays : closers.length - arrays) > 0;
      // Closing a container also closes unclosed containers inside it.
      while (isOpen) {
        const closed = closers.pop();
        if (closed === CLOSE_ARRAY) arrays -= 1;
        isOpen = closed !== code;
      }
      if (closers.length === 0) return at + 1;
    } else if (code === BACKSLASH && text.charCodeAt(at + 1) === DOUBLE_QUOTE) {
      // Escaped as if inside a string.
      const end = text.indexOf('\\"', at + 2);
      if (end < 0) return null;
      at = end + 1;
    } else if (beginsString(code, previous)) {
      const end = endOfString(text, at);
      if (end === null) return null;
      at = end;
    }
    if (!isWhitespace(code)) previous = code;
  }
  return null;
}
