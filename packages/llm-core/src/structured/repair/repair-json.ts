import {
  BLANK,
  codeAt,
  DELIMITER,
  DIGIT,
  drop,
  ENDS_BARE,
  failRepair,
  is,
  isAtEnd,
  NAME,
  QUOTE,
  type RepairCursor,
  skip,
  skipAddress,
  skipAll,
  skipBlanks,
} from "./repair-cursor.ts";
import { repairString } from "./repair-string.ts";

/** No value begins here. */
const NOTHING = Symbol("nothing");

/** The property attributes of members created by `JSON.parse`. */
const OWN = { configurable: true, enumerable: true, writable: true };

/** First letters of the keywords. */
const KEYWORD_STARTS = "tfnTFN";
const KEYWORDS: readonly (readonly [string, unknown])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["True", true],
  ["False", false],
  ["None", null],
];
/** Deeper than any real answer, and far below the stack limit. */
const MAX_DEPTH = 500;
const COLON = 0x3a;
const MINUS = 0x2d;
const POINT = 0x2e;
const DOLLAR = 0x24;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
/** Maximum rereading: multiples of the text length plus a minimum, characters. */
const REREADS = 2;
const MIN_REREADS = 1_000;

/**
 * Parses malformed JSON as it was meant: missing or doubled commas, quotes, colons and closing brackets, other quotes, unescaped quotes,
 * comments, Python literals, unquoted names and strings, `...`, fences. The heuristics are those of `jsonrepair` 3.15, here in one pass.
 *
 * @throws SyntaxError if no value can be recognized
 */
export function repairJson(text: string): unknown {
  const rereads = text.length * REREADS + MIN_REREADS;
  const cursor: RepairCursor = { text, at: 0, rereads, blanksEnd: 0, lineBreak: false };
  const isFenced = text.includes("```");
  if (isFenced) skipFence(cursor, ["```", "[```", "{```"]);
  const value = repairValue(cursor, 0);
  if (value === NOTHING) failRepair();
  if (isFenced) skipFence(cursor, ["```", "```]", "```}"]);
  const isOnNewLine = cursor.at === cursor.blanksEnd && cursor.lineBreak;
  const hasComma = skip(cursor, ",");
  if (hasComma) skipBlanks(cursor);
  if (isStartOfValue(cursor) && (hasComma || isOnNewLine)) {
    const lines = repairLines(cursor, value);
    endText(cursor);
    return lines;
  }
  endText(cursor);
  return value;
}

function endText(cursor: RepairCursor): void {
  while (skip(cursor, "}") || skip(cursor, "]")) skipBlanks(cursor);
  if (!isAtEnd(cursor)) failRepair();
}

/** Skips the beginning or the end of a fence. */
function skipFence(cursor: RepairCursor, marks: readonly string[]): void {
  const { text } = cursor;
  skipAll(cursor, BLANK);
  const mark = marks.find((one) => text.startsWith(one, cursor.at));
  if (mark === undefined) return;
  cursor.at += mark.length;
  if (!is(codeAt(cursor), DIGIT)) skipAll(cursor, NAME);
  skipBlanks(cursor);
}

/** Reads several values, each on its own line, as an array. */
function repairLines(cursor: RepairCursor, first: unknown): unknown[] {
  const values = [first];
  for (;;) {
    const value = repairValue(cursor, 0);
    if (value === NOTHING) return values;
    values.push(value);
    skip(cursor, ",");
  }
}

function isStartOfValue({ text, at }: RepairCursor): boolean {
  const code = text.charCodeAt(at);
  return is(code, QUOTE) || (is(code, NAME) && code !== DOLLAR) || "[{-".includes(text.charAt(at) || " ");
}

function repairValue(cursor: RepairCursor, depth: number): unknown {
  if (depth > MAX_DEPTH) failRepair();
  skipBlanks(cursor);
  const value = readValue(cursor, depth);
  skipBlanks(cursor);
  return value;
}

function readValue(cursor: RepairCursor, depth: number): unknown {
  if (skip(cursor, "{")) return readObject(cursor, depth);
  if (skip(cursor, "[")) return readArray(cursor, depth);
  const string = repairString(cursor);
  if (string !== null) return string;
  const number = readNumber(cursor);
  if (number !== NOTHING) return number;
  const { text, at } = cursor;
  const mayBeKeyword = at < text.length && KEYWORD_STARTS.includes(text.charAt(at));
  const keyword = mayBeKeyword
    ? KEYWORDS.find(([word]) => text.startsWith(word, at) && !is(text.charCodeAt(at + word.length), NAME))
    : undefined;
  if (keyword !== undefined) {
    cursor.at += keyword[0].length;
    return keyword[1];
  }
  const bare = readBareText(cursor, false, depth);
  return bare === NOTHING ? readRegex(cursor) : bare;
}

function readObject(cursor: RepairCursor, depth: number): unknown {
  const members: Record<string, unknown> = {};
  skipBlanks(cursor);
  drop(cursor, ",");
  skipBlanks(cursor);
  for (let isFirst = true; !isAtEnd(cursor) && codeAt(cursor) !== CLOSE_OBJECT; isFirst = false) {
    if (!isFirst) drop(cursor, ",");
    skipEllipsis(cursor);
    const name = repairString(cursor) ?? readBareText(cursor, true, depth);
    if (name === NOTHING) {
      // A trailing comma, or a missing closing bracket.
      if (!isAtEnd(cursor) && !"}{][".includes(cursor.text.charAt(cursor.at))) failRepair();
      break;
    }
    if (typeof name !== "string") failRepair();
    skipBlanks(cursor);
    const hasColon = skip(cursor, ":");
    const isCut = isAtEnd(cursor);
    if (!hasColon && !isCut && !isStartOfValue(cursor)) failRepair();
    const value = repairValue(cursor, depth + 1);
    if (value === NOTHING && !hasColon && !isCut) failRepair();
    const known = value === NOTHING ? null : value;
    if (name === "__proto__") Object.defineProperty(members, name, { ...OWN, value: known });
    else members[name] = known;
  }
  skip(cursor, "}");
  return members;
}

function readArray(cursor: RepairCursor, depth: number): unknown {
  const elements: unknown[] = [];
  skipBlanks(cursor);
  drop(cursor, ",");
  skipBlanks(cursor);
  while (!isAtEnd(cursor) && codeAt(cursor) !== CLOSE_ARRAY) {
    if (elements.length > 0) drop(cursor, ",");
    skipEllipsis(cursor);
    const value = repairValue(cursor, depth + 1);
    if (value === NOTHING) break;
    elements.push(value);
  }
  skip(cursor, "]");
  return elements;
}

function skipEllipsis(cursor: RepairCursor): void {
  skipBlanks(cursor);
  if (!cursor.text.startsWith("...", cursor.at)) return;
  cursor.at += 3;
  // Ignored: the blanks before and after it count as one run.
  cursor.blanksEnd = cursor.at;
  skipBlanks(cursor);
  drop(cursor, ",");
}

const NUMBER = /-?\d*(?:\.\d*)?(?:(?<=[\d.-])[eE][+-]?\d*)?/y;

/** Reads a number, also with missing digits; a number with leading zeros is read as text. */
function readNumber(cursor: RepairCursor): unknown {
  const { text, at } = cursor;
  const first = text.charCodeAt(at);
  if (!is(first, DIGIT) && first !== MINUS && first !== POINT) return NOTHING;
  NUMBER.lastIndex = at;
  const source = NUMBER.exec(text)?.[0] ?? "";
  const end = at + source.length;
  if (source === "" || (end < text.length && !is(text.charCodeAt(end), DELIMITER | BLANK))) return NOTHING;
  cursor.at = end;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(source)) return Number(source);
  if (/^-?0\d/.test(source) || /^-[eE]/.test(source)) return source;
  return Number(
    source
      .replace(/^-?(?=[.eE]|$)/, "$&0")
      .replace(/\.(?!\d)/, ".0")
      .replace(/[eE][+-]?$/, "$&0"),
  );
}

/**
 * Reads unquoted text up to a delimiter, or the argument of a function call, as in `NumberLong("2")`. `undefined` is read as `null`.
 */
function readBareText(cursor: RepairCursor, isName: boolean, depth: number): unknown {
  const { text } = cursor;
  const start = cursor.at;
  if (is(codeAt(cursor), NAME) && !is(codeAt(cursor), DIGIT)) {
    skipAll(cursor, NAME);
    const end = cursor.at;
    skipAll(cursor, BLANK);
    if (skip(cursor, "(")) {
      const value = repairValue(cursor, depth + 1);
      if (value === NOTHING) failRepair();
      if (drop(cursor, ")")) drop(cursor, ";");
      return value;
    }
    cursor.at = end;
  }
  while (!isAtEnd(cursor) && !is(codeAt(cursor), ENDS_BARE | QUOTE) && !(isName && codeAt(cursor) === COLON)) {
    cursor.at += 1;
  }
  skipAddress(cursor, start);
  if (cursor.at === start) return NOTHING;
  while (is(text.charCodeAt(cursor.at - 1), BLANK)) cursor.at -= 1;
  const symbol = text.slice(start, cursor.at);
  skip(cursor, '"');
  return symbol === "undefined" ? null : symbol;
}

/** Reads a regular expression as text. */
function readRegex(cursor: RepairCursor): unknown {
  const { text } = cursor;
  const start = cursor.at;
  if (!skip(cursor, "/")) return NOTHING;
  while (!isAtEnd(cursor) && (text.charAt(cursor.at) !== "/" || text.charAt(cursor.at - 1) === "\\")) cursor.at += 1;
  cursor.at = Math.min(text.length, cursor.at + 1);
  return text.slice(start, cursor.at);
}
