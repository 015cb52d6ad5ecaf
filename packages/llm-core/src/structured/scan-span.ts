import { beginsString, endOfString, isBlank } from "./quotes.ts";

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** Whether something that could be meant as JSON begins here, rather than a bracket of prose. */
export function looksLikeJson(text: string, at: number): boolean {
  LIKE_JSON.lastIndex = at;
  return LIKE_JSON.test(text);
}

const LIKE_JSON =
  /\{\s*(?:\\?["'\u201c}]|[A-Za-z_$][\w$]*\s*:|\/[/*])|\[\s*(?:\\?["'\u201c{[\]]|-?\d|(?:true|false|null|True|False|None)\b)/y;

/**
 * Finds where a value that is almost JSON ends: brackets are counted, strings are skipped, whatever their quotes. A quote inside a
 * string that nobody escaped does not end it, unless what follows could follow a string. A missing inner closer is forgiven, a
 * missing outermost one is not.
 *
 * @returns the place behind the closer; `null` when the text ends before it
 */
export function scanSpan(text: string, start: number): number | null {
  /** The closers of what is open, and how many of them are of an array: one without an opener is known at once. */
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
      // With a container close those inside it that were left open.
      while (isOpen) {
        const closed = closers.pop();
        if (closed === CLOSE_ARRAY) arrays -= 1;
        isOpen = closed !== code;
      }
      if (closers.length === 0) return at + 1;
    } else if (code === BACKSLASH && text.charCodeAt(at + 1) === QUOTE) {
      // Written as if it stood inside a string.
      const end = text.indexOf('\\"', at + 2);
      if (end < 0) return null;
      at = end + 1;
    } else if (beginsString(code, previous)) {
      const end = endOfString(text, at);
      if (end === null) return null;
      at = end;
    }
    if (!isBlank(code)) previous = code;
  }
  return null;
}
