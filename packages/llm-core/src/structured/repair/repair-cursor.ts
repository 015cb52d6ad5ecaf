/** The position of a repair in its text. */
export interface RepairCursor {
  readonly text: string;
  at: number;
  /** Remaining number of characters that may be read again. */
  rereads: number;
  /** End of the latest blanks, and whether they contained a line break. */
  blanksEnd: number;
  lineBreak: boolean;
}

// Character classes, as bits.
export const BLANK = 1;
export const DIGIT = 2;
/** Part of the name of a function, a variable or a literal. */
export const NAME = 4;
export const QUOTE = 8;
/** Separates values. */
export const DELIMITER = 16;
/** Ends an unquoted text. */
export const ENDS_BARE = 32;
/** Has a meaning inside a string, or may end it. */
export const SPECIAL = 64;

const CLASSES: readonly (readonly [string, number])[] = [
  [" \n\t\r", BLANK],
  ["0123456789", DIGIT | NAME],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$", NAME],
  ["\"'`", QUOTE | SPECIAL],
  [",[]{}/\n+", DELIMITER | ENDS_BARE | SPECIAL],
  [":()", DELIMITER | SPECIAL],
  ["\\&", SPECIAL],
];
const BY_CODE = new Uint8Array(128);
for (let code = 0; code < 0x20; code += 1) BY_CODE[code] = SPECIAL;
for (const [chars, bits] of CLASSES) {
  for (const char of chars) BY_CODE[char.charCodeAt(0)] = (BY_CODE[char.charCodeAt(0)] ?? 0) | bits;
}

/** Quotes outside ASCII. */
const isOtherQuote = (code: number): boolean =>
  code === 0x201c || code === 0x201d || code === 0x2018 || code === 0x2019 || code === 0xb4;
/** White space, including characters that JSON does not allow (the set of `jsonrepair` 3.15). */
const isRepairBlank = (code: number): boolean =>
  is(code, BLANK) ||
  code === 0xa0 ||
  code === 0x180e ||
  (code >= 0x2000 && code <= 0x200b) ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000 ||
  code === 0xfeff;

/** Whether a character is in one of the classes; `NaN` (the end of the text) is in none. */
export function is(code: number, bits: number): boolean {
  const own = BY_CODE[code];
  if (own !== undefined) return (own & bits) !== 0;
  return (bits & (QUOTE | SPECIAL)) !== 0 && isOtherQuote(code);
}

/** Created once: an error with a stack trace per attempt would cost more than the attempts. */
const BEYOND_REPAIR = new SyntaxError("not JSON, and beyond repair");

/** Throws, because the text cannot be repaired. */
export function failRepair(): never {
  throw BEYOND_REPAIR;
}

/** The code of the current character; `NaN` at the end. */
export function codeAt({ text, at }: RepairCursor): number {
  return text.charCodeAt(at);
}

/** Whether the text has ended. */
export function isAtEnd({ text, at }: RepairCursor): boolean {
  return at >= text.length;
}

/** Skips the current character, if it is `char`. */
export function skip(cursor: RepairCursor, char: string): boolean {
  if (codeAt(cursor) !== char.charCodeAt(0)) return false;
  cursor.at += 1;
  return true;
}

/** Skips a character that is ignored: the blanks before it and after it count as one run. */
export function drop(cursor: RepairCursor, char: string): boolean {
  const isBehindBlanks = cursor.at === cursor.blanksEnd;
  if (!skip(cursor, char)) return false;
  if (isBehindBlanks) cursor.blanksEnd = cursor.at;
  return true;
}

/** Skips characters of a class. */
export function skipAll(cursor: RepairCursor, bits: number): void {
  while (is(codeAt(cursor), bits)) cursor.at += 1;
}

const LINE_BREAK = 0x0a;
const SLASH = 0x2f;

/** Skips blanks and comments. */
export function skipBlanks(cursor: RepairCursor, lineBreaks = true): void {
  const { text } = cursor;
  if (cursor.at !== cursor.blanksEnd) cursor.lineBreak = false;
  for (;;) {
    let code = codeAt(cursor);
    while (isRepairBlank(code) && (lineBreaks || code !== LINE_BREAK)) {
      if (code === LINE_BREAK) cursor.lineBreak = true;
      cursor.at += 1;
      code = codeAt(cursor);
    }
    cursor.blanksEnd = cursor.at;
    if (code !== SLASH) return;
    const from = cursor.at;
    if (text.startsWith("/*", from)) {
      const end = text.indexOf("*/", from + 1);
      cursor.at = end < 0 ? text.length : end + 2;
    } else if (text.startsWith("//", from)) {
      const end = text.indexOf("\n", from);
      cursor.at = end < 0 ? text.length : end;
    } else return;
    cursor.blanksEnd = cursor.at;
    spendRereads(cursor, cursor.at - from);
  }
}

/** Charges characters that may be read again; throws if too many. */
export function spendRereads(cursor: RepairCursor, length: number): void {
  cursor.rereads -= length;
  if (cursor.rereads < 0) failRepair();
}

const ADDRESS_START = /^(?:https?|ftp|mailto|file|data|irc):\/\/$/;
const LONGEST_ADDRESS_START = "mailto://".length;
const IN_ADDRESS = /[A-Za-z0-9\-._~:/?#@!$&'()*+;=]*/y;

/** Skips a URL, if the cursor is at the slashes of one whose text began at `start`. */
export function skipAddress(cursor: RepairCursor, start: number): void {
  const { text, at } = cursor;
  if (text.charCodeAt(at) !== SLASH || at + 2 - start > LONGEST_ADDRESS_START) return;
  if (!ADDRESS_START.test(text.slice(start, at + 2))) return;
  IN_ADDRESS.lastIndex = at;
  cursor.at += IN_ADDRESS.exec(text)?.[0].length ?? 0;
}

/** Position of the last character at or before `from` that is not blank. */
export function lastNonBlankAt(text: string, from: number): number {
  let at = from;
  while (at > 0 && is(text.charCodeAt(at), BLANK)) at -= 1;
  return at;
}
