/** Where a repair stands in its text, and how much it may still go back. */
export interface RepairCursor {
  readonly text: string;
  at: number;
  /** Characters that may be read a second time. */
  rereads: number;
  /** Where the latest blanks ended, and whether a line break was among them. */
  blanksEnd: number;
  lineBreak: boolean;
}

// Classes of characters.
export const BLANK = 1;
export const DIGIT = 2;
/** Of the name of a function, a variable, a literal. */
export const NAME = 4;
export const QUOTE = 8;
/** Stands between values. */
export const DELIMITER = 16;
/** Ends a text without quotes. */
export const ENDS_BARE = 32;
/** Says something inside a string, or may end it. */
export const TELLING = 64;

const CLASSES: readonly (readonly [string, number])[] = [
  [" \n\t\r", BLANK],
  ["0123456789", DIGIT | NAME],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$", NAME],
  ["\"'`", QUOTE | TELLING],
  [",[]{}/\n+", DELIMITER | ENDS_BARE | TELLING],
  [":()", DELIMITER | TELLING],
  ["\\&", TELLING],
];
const BY_CODE = new Uint8Array(128);
for (let code = 0; code < 0x20; code += 1) BY_CODE[code] = TELLING;
for (const [chars, bits] of CLASSES) {
  for (const char of chars) BY_CODE[char.charCodeAt(0)] = (BY_CODE[char.charCodeAt(0)] ?? 0) | bits;
}

/** Quotes beyond ASCII. */
const isOtherQuote = (code: number): boolean =>
  code === 0x201c || code === 0x201d || code === 0x2018 || code === 0x2019 || code === 0xb4;
/** A blank, also one that JSON does not know. */
export const isBlank = (code: number): boolean =>
  is(code, BLANK) ||
  code === 0xa0 ||
  code === 0x180e ||
  (code >= 0x2000 && code <= 0x200b) ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000 ||
  code === 0xfeff;

/** Whether a character is of a class; `NaN`, which stands for the end of the text, is of none. */
export function is(code: number, bits: number): boolean {
  const own = BY_CODE[code];
  if (own !== undefined) return (own & bits) !== 0;
  return (bits & (QUOTE | TELLING)) !== 0 && isOtherQuote(code);
}

/** Made once: an error of its own for each of many attempts would cost more than the attempts. */
const BEYOND_REPAIR = new SyntaxError("not JSON, and beyond repair");

/** The text cannot be made JSON. */
export function giveUp(): never {
  throw BEYOND_REPAIR;
}

/** The character in turn; `NaN` at the end. */
export function codeAt({ text, at }: RepairCursor): number {
  return text.charCodeAt(at);
}

/** Whether the text has ended. */
export function isAtEnd({ text, at }: RepairCursor): boolean {
  return at >= text.length;
}

/** Passes a character, if it is the one in turn. */
export function skip(cursor: RepairCursor, char: string): boolean {
  if (codeAt(cursor) !== char.charCodeAt(0)) return false;
  cursor.at += 1;
  return true;
}

/** Passes a character that is to be as if it were not there: the blanks before it go on behind it. */
export function drop(cursor: RepairCursor, char: string): boolean {
  const isBehindBlanks = cursor.at === cursor.blanksEnd;
  if (!skip(cursor, char)) return false;
  if (isBehindBlanks) cursor.blanksEnd = cursor.at;
  return true;
}

/** Passes characters of a class. */
export function skipAll(cursor: RepairCursor, bits: number): void {
  while (is(codeAt(cursor), bits)) cursor.at += 1;
}

const LINE_BREAK = 0x0a;
const SLASH = 0x2f;

/** Passes blanks and comments. */
export function skipBlanks(cursor: RepairCursor, lineBreaks = true): void {
  const { text } = cursor;
  if (cursor.at !== cursor.blanksEnd) cursor.lineBreak = false;
  for (;;) {
    let code = codeAt(cursor);
    while (isBlank(code) && (lineBreaks || code !== LINE_BREAK)) {
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
    spend(cursor, cursor.at - from);
  }
}

/** Something is read that may be read again. */
export function spend(cursor: RepairCursor, length: number): void {
  cursor.rereads -= length;
  if (cursor.rereads < 0) giveUp();
}

const ADDRESS_START = /^(?:https?|ftp|mailto|file|data|irc):\/\/$/;
const LONGEST_ADDRESS_START = "mailto://".length;
const IN_ADDRESS = /[A-Za-z0-9\-._~:/?#@!$&'()*+;=]*/y;

/** At the slashes of an address, whose text began at `start`: passes it. */
export function skipAddress(cursor: RepairCursor, start: number): void {
  const { text, at } = cursor;
  if (text.charCodeAt(at) !== SLASH || at + 2 - start > LONGEST_ADDRESS_START) return;
  if (!ADDRESS_START.test(text.slice(start, at + 2))) return;
  IN_ADDRESS.lastIndex = at;
  cursor.at += IN_ADDRESS.exec(text)?.[0].length ?? 0;
}

/** The last character up to a place that is not blank: where it is. */
export function inkBefore(text: string, from: number): number {
  let at = from;
  while (at > 0 && is(text.charCodeAt(at), BLANK)) at -= 1;
  return at;
}
