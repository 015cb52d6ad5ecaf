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

/** The containers that are open, and how many there are of each kind, so that a closer without an opener is known at once. */
interface OpenContainers {
  readonly closers: number[];
  objects: number;
  arrays: number;
}

/** Closes a container, and with it those inside it that were left open. */
function close(open: OpenContainers, closer: number): void {
  if ((closer === CLOSE_OBJECT ? open.objects : open.arrays) === 0) return;
  for (let last = open.closers.pop(); last !== undefined; last = open.closers.pop()) {
    if (last === CLOSE_OBJECT) open.objects -= 1;
    else open.arrays -= 1;
    if (last === closer) return;
  }
}

/**
 * Finds where a value that is almost JSON ends: brackets are counted, strings are skipped, whatever their quotes. A quote inside a
 * string that nobody escaped does not end it, unless what follows could follow a string. A missing inner closer is forgiven, a
 * missing outermost one is not.
 *
 * @returns the place behind the closer; `null` when the text ends before it
 */
export function scanSpan(text: string, start: number): number | null {
  const open: OpenContainers = { closers: [], objects: 0, arrays: 0 };
  let previous = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT) {
      open.closers.push(CLOSE_OBJECT);
      open.objects += 1;
    } else if (code === OPEN_ARRAY) {
      open.closers.push(CLOSE_ARRAY);
      open.arrays += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      close(open, code);
      if (open.closers.length === 0) return at + 1;
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
