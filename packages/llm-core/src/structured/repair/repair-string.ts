import {
  BLANK,
  codeAt,
  DELIMITER,
  DIGIT,
  ENDS_BARE,
  failRepair,
  is,
  isAtEnd,
  lastNonBlankAt,
  QUOTE,
  type RepairCursor,
  SPECIAL,
  skip,
  skipAddress,
  skipBlanks,
  spendRereads,
} from "./repair-cursor.ts";

const BACKSLASH = 0x5c;
const AMPERSAND = 0x26;
const COMMA = 0x2c;
const DOUBLE = '"\u201c\u201d';
const SINGLE = "'\u2018\u2019`\u00b4";
const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const ENTITY = /&(?:quot|amp|lt|gt|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});/y;
const NAMED: Readonly<Record<string, string>> = { quot: '"', amp: "&", lt: "<", gt: ">", apos: "'" };
/** Raw control characters that a string may hold. */
const CONTROL = "\n\r\t\b\f";

/** Where a string ends: at its quote, or, if the quote is missing, at the first delimiter or at a known position. */
type Stop = "quote" | "delimiter" | number;

/** A quote, as a character or as an HTML entity. */
interface QuoteMark {
  readonly char: string;
  readonly length: number;
  readonly isEntity: boolean;
}

/** The content of a string so far. */
interface Content {
  readonly parts: string[];
  /** Number of open brackets of each kind. */
  round: number;
  square: number;
  curly: number;
}

/** Reads the string that begins here, joined with further strings after `+`; `null`: no string begins here. */
export function repairString(cursor: RepairCursor): string | null {
  const first = readOne(cursor);
  if (first === null) return null;
  let strings: string[] | null = null;
  skipBlanks(cursor);
  while (skip(cursor, "+")) {
    skipBlanks(cursor);
    strings ??= [first];
    strings.push(readOne(cursor) ?? "");
    skipBlanks(cursor);
  }
  return strings === null ? first : strings.join("");
}

function readOne(cursor: RepairCursor): string | null {
  // The quotes may be escaped once too often: \"a\".
  const isEscaped = skip(cursor, "\\");
  if (isEscaped && !is(codeAt(cursor), QUOTE)) failRepair();
  const quote = quoteAt(cursor.text, cursor.at);
  return quote === null ? null : readString(cursor, quote, isEscaped, "quote");
}

function quoteAt(text: string, at: number): QuoteMark | null {
  if (is(text.charCodeAt(at), QUOTE)) return { char: text.charAt(at), length: 1, isEntity: false };
  const entity = entityAt(text, at);
  return entity !== null && (entity.char === '"' || entity.char === "'") ? entity : null;
}

function entityAt(text: string, at: number): QuoteMark | null {
  if (text.charCodeAt(at) !== AMPERSAND) return null;
  ENTITY.lastIndex = at;
  const source = ENTITY.exec(text)?.[0];
  if (source === undefined) return null;
  const name = source.slice(1, -1);
  const code = /^#[xX]/.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  const char = NAMED[name] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : "");
  return char === "" ? null : { char, length: source.length, isEntity: true };
}

/** The quotes that end a string: `"` and `'` end at the same quote; typographic quotes at any of their kind; entities at double quotes. */
function endersOf({ char, isEntity }: QuoteMark): string {
  if (isEntity) return DOUBLE;
  if (char === '"' || char === "'") return char;
  return SINGLE.includes(char) ? SINGLE : DOUBLE;
}

/** Length of the quote at `at` that could end the string; 0: none. */
function enderLength(opener: QuoteMark, enders: string, text: string, at: number): number {
  const entity = opener.isEntity ? entityAt(text, at) : null;
  if (entity !== null) return entity.char === opener.char ? entity.length : 0;
  return is(text.charCodeAt(at), QUOTE) && enders.includes(text.charAt(at)) ? 1 : 0;
}

function readString(cursor: RepairCursor, opener: QuoteMark, isEscaped: boolean, stop: Stop): string {
  const { text } = cursor;
  const start = cursor.at;
  const enders = endersOf(opener);
  const content: Content = { parts: [], round: 0, square: 0, curly: 0 };
  const { parts } = content;
  cursor.at += opener.length;

  const readAgain = (until: Stop): string => {
    if (typeof stop === "number") failRepair();
    spendRereads(cursor, cursor.at - start);
    cursor.at = start;
    return readString(cursor, opener, false, until);
  };

  for (;;) {
    if (!isEscaped) skipPlain(cursor, stop, parts);
    if (isAtEnd(cursor)) {
      const last = text.charCodeAt(lastNonBlankAt(text, cursor.at - 1));
      return stop !== "delimiter" && is(last, DELIMITER) ? readAgain("delimiter") : withoutBlanks(parts);
    }
    if (cursor.at === stop) return withoutBlanks(parts);
    const { at } = cursor;
    const length = enderLength(opener, enders, text, at);
    if (length > 0) {
      cursor.at += length;
      if (endsHere(cursor, stop, content)) return parts.join("");
      if (codeAt(cursor) === BACKSLASH) failRepair();
      const before = lastNonBlankAt(text, at - 1);
      // `{"a":"b,"c":"d"}`: the quote begins the next string, and the end of this one is missing.
      if (text.charCodeAt(before) === COMMA) return readAgain(before);
      if (is(text.charCodeAt(before), DELIMITER)) return readAgain("delimiter");
      parts.push('"');
      cursor.at = at + length;
    } else if (stop === "delimiter" && is(text.charCodeAt(at), ENDS_BARE)) {
      skipAddress(cursor, start + 1);
      parts.push(text.slice(at, cursor.at));
      return withoutBlanks(parts);
    } else passChar(cursor, opener, content);
    if (isEscaped) skip(cursor, "\\");
  }
}

/** Reads characters that can only be content. */
function skipPlain(cursor: RepairCursor, stop: Stop, parts: string[]): void {
  const { text, at } = cursor;
  const end = typeof stop === "number" && stop >= at ? stop : text.length;
  while (cursor.at < end && !is(codeAt(cursor), SPECIAL)) cursor.at += 1;
  if (cursor.at > at) parts.push(text.slice(at, cursor.at));
}

function withoutBlanks(parts: readonly string[]): string {
  const content = parts.join("");
  let end = content.length;
  while (content.charAt(end - 1) === " ") end -= 1;
  return content.slice(0, end);
}

/** Whether the quote just read ends its string, judged by what follows it. */
function endsHere(cursor: RepairCursor, stop: Stop, { round, square, curly }: Content): boolean {
  const { text } = cursor;
  skipBlanks(cursor, false);
  const next = codeAt(cursor);
  if (stop === "delimiter" || isAtEnd(cursor) || is(next, DIGIT)) return true;
  if (is(next, DELIMITER)) {
    const char = text.charAt(cursor.at);
    return !((char === ")" && round > 0) || (char === "]" && square > 0) || (char === "}" && curly > 0));
  }
  if (!is(next, QUOTE)) return false;
  let after = cursor.at + 1;
  while (is(text.charCodeAt(after), BLANK)) after += 1;
  return after < text.length && !is(text.charCodeAt(after), DELIMITER);
}

/** Reads a character, an escape or an entity as content. */
function passChar(cursor: RepairCursor, opener: QuoteMark, content: Content): void {
  const { text, at } = cursor;
  const { parts } = content;
  const entity = opener.isEntity ? entityAt(text, at) : null;
  if (entity !== null) {
    parts.push(entity.char);
    cursor.at += entity.length;
    return;
  }
  const char = text.charAt(at);
  if (char === "\\") {
    parts.push(passEscape(cursor));
    return;
  }
  if (char < " " && !CONTROL.includes(char)) failRepair();
  parts.push(char);
  cursor.at += 1;
  if (char === "(") content.round += 1;
  else if (char === ")") content.round -= 1;
  else if (char === "[") content.square += 1;
  else if (char === "]") content.square -= 1;
  else if (char === "{") content.curly += 1;
  else if (char === "}") content.curly -= 1;
}

function passEscape(cursor: RepairCursor): string {
  const { text, at } = cursor;
  const char = text.charAt(at + 1);
  if (char === "u") {
    const digits = /^[0-9A-Fa-f]*/.exec(text.slice(at + 2, at + 6))?.[0] ?? "";
    if (digits.length < 4 && at + 2 + digits.length < text.length) failRepair();
    cursor.at = Math.min(text.length, at + 6);
    return digits.length === 4 ? String.fromCharCode(Number.parseInt(digits, 16)) : "";
  }
  cursor.at = at + 2;
  if (char !== "" && char < " " && char !== "\n") failRepair();
  return ESCAPED[char] ?? char;
}
