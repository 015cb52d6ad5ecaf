import type { Writable } from "../contract/writable.ts";
import { beginNumber, continueNumber, isWholeNumber, NUMBER_END } from "./json-number.ts";

/** An array that may hold the elements: the root, or a member of it. Positions are relative to the first character of the root. */
export interface FoundList {
  /** The name of the member; `null`: the root itself. */
  readonly name: string | null;
  /** Whether it is the first member of the root. */
  readonly isFirst: boolean;
  /** Position of its opening bracket. */
  readonly start: number;
  /** Position after the last complete element; equals `start` while there is none. */
  readonly end: number;
  /** Whether its closing bracket is in the text. */
  readonly closed: boolean;
}

/**
 * Called for each complete member, as soon as the character after it has arrived.
 *
 * @param within - the name of the root's member that contains this member; `null`: it is a member of the root
 */
export type MemberListener = (name: string, within: string | null, start: number, end: number) => void;

/** Incremental reader of one JSON value. Reads each character once. */
export interface JsonCursor {
  /** Resets the cursor for another value. */
  begin(): void;
  /** Adds text, from the position `from`. May be empty. */
  write(text: string, from?: number): void;
  /** Ends the text: a complete last value counts even if nothing follows. A number at the very end may be incomplete and does not count. */
  finish(): void;
  /** `open`: valid so far. `done`: the root is complete. `failed`: not JSON. */
  readonly state: "open" | "done" | "failed";
  /** Number of characters read; in state `done`, the position after the root. */
  readonly end: number;
  /** Number of tokens read. */
  readonly tokens: number;
  /** Position after the first character of the last valid token. */
  readonly strictUntil: number;
  /** The names of the root's members so far. */
  readonly names: readonly string[];
  /** The arrays: the root, or members of the root. */
  readonly lists: readonly FoundList[];
}

// Expected next token.
const VALUE = 0;
const VALUE_OR_END = 1;
const NAME = 2;
const NAME_OR_END = 3;
const COLON = 4;
const COMMA_OR_END = 5;

// The token in which the text ends.
const NO_TOKEN = 0;
const STRING = 1;
const ESCAPE = 2;
const HEX = 3;
const NUMBER = 4;
const LITERAL = 5;

const NO_NAMES: string[] = [];
const NO_LISTS: Writable<FoundList>[] = [];

const QUOTE_MARK = 0x22;
const BACKSLASH = 0x5c;
const COMMA_MARK = 0x2c;
const COLON_MARK = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LETTER_U = 0x75;

/** Characters that may follow a backslash, except `u`. */
const ESCAPES = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)));
const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** The literal that begins with a character; empty: none. */
function literalOf(code: number): string {
  if (code === 0x74) return "true";
  if (code === 0x66) return "false";
  return code === 0x6e ? "null" : "";
}

/**
 * Position after the closing quote of a string whose content begins at `from`; 0: the piece ends first, or it must be read by character.
 */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE_MARK) return at + 1;
    if (code < 0x20) return 0;
    if (code === BACKSLASH) {
      at += 1;
      if (!ESCAPES.has(text.charCodeAt(at))) return 0;
    }
  }
  return 0;
}

/** Position after a literal, or a number without point or exponent; 0: the piece ends first, or it must be read by character. */
function endOfScalar(text: string, start: number, code: number): number {
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

/** Maximum nesting level of reported members and of list elements. */
const NEAR = 2;

/** Values nested deeper are not JSON here: `JSON.parse` takes 200 ms for 500,000 levels (Node 24), and no schema has so many. */
const MAX_DEPTH = 10_000;

/**
 * Creates a cursor for the object or array that begins with the first character written. Hot path of every answer: one loop over the
 * complete tokens of a piece, with its state in local variables; only tokens split between pieces are read by character.
 *
 * @param depth - maximum level of reported members: 1 for members of the root, 2 for members of those as well
 */
export function createJsonCursor(onMember: MemberListener | null = null, depth: 1 | 2 = 1): JsonCursor {
  let state: JsonCursor["state"] = "open";
  let tokens = 0;
  let strictUntil = 0;
  /** The kind of each enclosing container: 1 for an array. */
  let outer = new Uint8Array(64);
  /** Number of open containers, and whether the innermost one is an array. */
  let openLevel = 0;
  let inArray = false;
  let next = VALUE;
  /** By level, of the current member: its name, and where its value begins if that is a container. */
  const keys = ["", "", ""];
  const starts = [0, 0, 0];
  // Shared arrays: most values have no names and no lists, and the values of a list have the same names.
  let names = NO_NAMES;
  /** The names of the previous value, which must not be changed, and how many of them this value shares; -1: `names` is its own. */
  let previous = NO_NAMES;
  let shared = 0;
  let lists = NO_LISTS;
  /** The open list, and the level of its elements. */
  let list: Writable<FoundList> | null = null;
  let listLevel = 0;
  /** Bounds of a scalar near the root that has not been reported yet; -1: none. */
  let scalarStart = -1;
  let scalarEnd = 0;
  /** The token that is read by character. */
  let token = NO_TOKEN;
  let tokenStart = 0;
  /** State of the number, or number of characters of the literal or of the hexadecimal digits. */
  let progress = 0;
  let literal = "";
  /** Whether the string is the name of a member near the root, and its content so far. */
  let isName = false;
  let head = "";
  /** Offset from positions in the piece to positions in the value. */
  let shift = 0;

  /** Reports a complete value in a container near the root. */
  function passValue(level: number, isArray: boolean, start: number, end: number): void {
    if (list !== null && level === listLevel) list.end = end;
    else if (onMember !== null && level <= depth && !isArray && (level === 1 || outer[1] === 0)) {
      onMember(keys[level] ?? "", level === 1 ? null : (keys[1] ?? ""), start, end);
    }
  }

  function settleScalar(level: number, isArray: boolean): void {
    if (scalarStart < 0) return;
    const start = scalarStart;
    scalarStart = -1;
    passValue(level, isArray, start, scalarEnd);
  }

  /** Opens a container near the root, or the root. */
  function openNear(level: number, isArray: boolean, opensArray: boolean, start: number): void {
    starts[level] = start;
    if (!opensArray || level > 1 || isArray) return;
    if (lists === NO_LISTS) cursor.lists = lists = [];
    const name = level === 0 ? null : (keys[1] ?? "");
    list = { name, isFirst: (shared < 0 ? names.length : shared) === 1, start, end: start, closed: false };
    lists.push(list);
    listLevel = level + 1;
  }

  /** Closes a container near the root, or the root. */
  function closeNear(level: number, isArray: boolean, end: number): void {
    if (list !== null && level + 1 === listLevel) {
      list.closed = true;
      list = null;
    }
    if (level === 0) state = "done";
    else passValue(level, isArray, starts[level] ?? 0, end);
  }

  function takeName(level: number, source: string): void {
    keys[level] = source.includes("\\") ? (JSON.parse(`"${source}"`) as string) : source;
  }

  /** Adds the complete name of a member of the root. */
  function enterName(): void {
    const name = keys[1] ?? "";
    if (shared >= 0 && previous[shared] === name) {
      shared += 1;
      return;
    }
    settleNames(false);
    names.push(name);
  }

  /** Sets `names`: the same array as that of the previous value if all names are equal, and more cannot follow or have not. */
  function settleNames(mayShare: boolean): void {
    if (shared < 0) return;
    if (mayShare && (shared === 0 || shared === previous.length)) {
      names = shared === 0 ? NO_NAMES : previous;
      return;
    }
    names = previous.slice(0, shared);
    shared = -1;
  }

  /** Reads complete tokens of the piece, up to an incomplete one. Returns the position after what was read. */
  function readTokens(text: string, from: number): number {
    const { length } = text;
    let at = from;
    let level = openLevel;
    let isArray = inArray;
    let expected = next;
    let count = tokens;
    let last = strictUntil - shift;
    let isBroken = false;
    while (at < length && state === "open" && token === NO_TOKEN) {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue;
      if (code === COMMA_MARK) {
        isBroken = expected !== COMMA_OR_END;
        if (level <= NEAR && !isBroken) settleScalar(level, isArray);
        expected = isArray ? VALUE : NAME;
      } else if (code === COLON_MARK) {
        isBroken = expected !== COLON;
        if (level === 1 && !isBroken) enterName();
        expected = VALUE;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        isBroken = expected > VALUE_OR_END || level === MAX_DEPTH;
        if (level <= NEAR && !isBroken) openNear(level, isArray, code === OPEN_ARRAY, at - 1 + shift);
        if (level === outer.length) outer = grown(outer);
        outer[level] = isArray ? 1 : 0;
        level += 1;
        isArray = code === OPEN_ARRAY;
        expected = isArray ? VALUE_OR_END : NAME_OR_END;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        isBroken =
          isArray !== (code === CLOSE_ARRAY) ||
          (expected !== COMMA_OR_END && expected !== (isArray ? VALUE_OR_END : NAME_OR_END));
        if (isBroken) break;
        if (level <= NEAR) settleScalar(level, isArray);
        level -= 1;
        isArray = outer[level] === 1;
        expected = COMMA_OR_END;
        if (level <= NEAR) closeNear(level, isArray, at + shift);
      } else if (expected > (code === QUOTE_MARK ? NAME_OR_END : VALUE_OR_END) || level === 0) isBroken = true;
      else {
        const end = code === QUOTE_MARK ? endOfString(text, at) : endOfScalar(text, at - 1, code);
        if (end === 0) isBroken = !beginToken(code, at - 1 + shift, expected >= NAME, level);
        else if (expected >= NAME) {
          if (level <= NEAR) takeName(level, text.slice(at, end - 1));
          expected = COLON;
        } else {
          if (level <= NEAR) {
            scalarStart = at - 1 + shift;
            scalarEnd = end + shift;
          }
          expected = COMMA_OR_END;
        }
        if (!isBroken) last = at;
        if (end > 0) at = end;
        count += 1;
        continue;
      }
      if (isBroken) break;
      count += 1;
      last = at;
    }
    if (isBroken) state = "failed";
    openLevel = level;
    inArray = isArray;
    next = expected;
    tokens = count;
    strictUntil = last + shift;
    return at;
  }

  /** Begins a token that is read by character; `false`: no token begins here. */
  function beginToken(code: number, start: number, expectsName: boolean, level: number): boolean {
    tokenStart = start;
    if (code === QUOTE_MARK) {
      token = STRING;
      isName = expectsName && level <= NEAR;
      head = "";
      return true;
    }
    literal = literalOf(code);
    token = literal === "" ? NUMBER : LITERAL;
    progress = literal === "" ? beginNumber(code) : 1;
    return progress !== NUMBER_END;
  }

  function endScalar(end: number): void {
    token = NO_TOKEN;
    if (openLevel <= NEAR) {
      scalarStart = tokenStart;
      scalarEnd = end;
    }
    next = COMMA_OR_END;
  }

  function passString(text: string, from: number): number {
    let at = from;
    while (at < text.length && token === STRING && state === "open") {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === BACKSLASH) token = ESCAPE;
      else if (code < 0x20) state = "failed";
      else if (code === QUOTE_MARK) {
        if (next < NAME) endScalar(at + shift);
        else {
          token = NO_TOKEN;
          if (isName) takeName(openLevel, head + text.slice(from, at - 1));
          next = COLON;
        }
      }
    }
    if (isName) head += text.slice(from, at);
    return at;
  }

  function passEscape(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (isName) head += text.charAt(at);
    if (token === ESCAPE) {
      token = code === LETTER_U ? HEX : STRING;
      progress = 0;
      if (code !== LETTER_U && !ESCAPES.has(code)) state = "failed";
      return at + 1;
    }
    progress += 1;
    if (progress === 4) token = STRING;
    if (!isHex(code)) state = "failed";
    return at + 1;
  }

  function passNumber(text: string, at: number): number {
    const reached = continueNumber(progress, text.charCodeAt(at));
    if (reached !== NUMBER_END) {
      progress = reached;
      return at + 1;
    }
    if (isWholeNumber(progress)) endScalar(at + shift);
    else state = "failed";
    return at;
  }

  function passLiteral(text: string, at: number): number {
    if (text.charCodeAt(at) !== literal.charCodeAt(progress)) state = "failed";
    progress += 1;
    if (progress === literal.length) endScalar(at + 1 + shift);
    return at + 1;
  }

  /** Continues the token that is read by character. */
  function passToken(text: string, at: number): number {
    if (token === STRING) return passString(text, at);
    if (token === NUMBER) return passNumber(text, at);
    return token === LITERAL ? passLiteral(text, at) : passEscape(text, at);
  }

  const cursor: Writable<JsonCursor> = {
    state,
    end: 0,
    tokens,
    strictUntil,
    names,
    lists,
    begin() {
      cursor.state = state = "open";
      cursor.end = 0;
      cursor.tokens = tokens = 0;
      cursor.strictUntil = strictUntil = 0;
      if (names.length > 0) previous = names;
      shared = 0;
      cursor.names = names = NO_NAMES;
      cursor.lists = lists = NO_LISTS;
      openLevel = 0;
      inArray = false;
      list = null;
      next = VALUE;
      scalarStart = -1;
      token = NO_TOKEN;
    },
    write(text, from = 0) {
      if (state !== "open") return;
      shift = cursor.end - from;
      let at = from;
      while (at < text.length && state === "open") {
        at = token === NO_TOKEN ? readTokens(text, at) : passToken(text, at);
      }
      settleNames(true);
      cursor.names = names;
      cursor.end = at + shift;
      cursor.state = state;
      cursor.tokens = tokens;
      cursor.strictUntil = strictUntil;
    },
    finish() {
      // A complete scalar may still be unreported.
      if (state === "open" && token === NO_TOKEN) settleScalar(openLevel, inArray);
    },
  };
  return cursor;
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 4);
  more.set(bytes);
  return more;
}
