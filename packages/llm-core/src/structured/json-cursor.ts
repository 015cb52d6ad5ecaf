import type { Writable } from "../contract/writable.ts";
import { beginNumber, goOnWithNumber, isWholeNumber, NUMBER_END } from "./json-number.ts";

/** An array that elements are looked for in: the root, or a member of it. Places count from the root's first character. */
export interface FoundList {
  /** The member that holds it; `null`: the root itself. */
  readonly name: string | null;
  /** Whether that member is the root's first. */
  readonly isFirst: boolean;
  /** Of its bracket. */
  readonly start: number;
  /** Behind the last element that is complete in the text; that of the bracket while there is none. */
  readonly end: number;
  /** Whether its own closing is in the text. */
  readonly closed: boolean;
}

/**
 * Called for a member that is complete, as soon as what follows it has come.
 *
 * @param within - of a member inside a member of the root: the name of that one; `null`: the root holds it
 */
export type MemberListener = (name: string, within: string | null, start: number, end: number) => void;

/** Walks through one JSON value while its text arrives. Each character is looked at once. */
export interface JsonCursor {
  /** Starts anew, for another value. */
  begin(): void;
  /** More text, from a place of it on; empty pieces are fine. */
  write(text: string, from?: number): void;
  /** No more text: a value whose end was in it counts, also when nothing follows. A number at the very end had none. */
  finish(): void;
  /** `open`: all well so far. `done`: the root is complete. `failed`: what stands there is not JSON. */
  readonly state: "open" | "done" | "failed";
  /** How many characters have been looked at: once `done`, this is behind the root's last one. */
  readonly end: number;
  /** How many tokens have been read. */
  readonly tokens: number;
  /** Behind the first character of the last token that was well placed. */
  readonly strictUntil: number;
  /** The names of the root's members, as far as they have come. */
  readonly names: readonly string[];
  /** The root, if it is an array, and those of its members that are. */
  readonly lists: readonly FoundList[];
}

// What may stand next.
const VALUE = 0;
const VALUE_OR_END = 1;
const NAME = 2;
const NAME_OR_END = 3;
const COLON = 4;
const COMMA_OR_END = 5;

// The token that the text has ended in.
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

/** What may follow a backslash, beside `u`. */
const ESCAPES = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)));
const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** The literal that begins with a character; empty when none does. */
function literalOf(code: number): string {
  if (code === 0x74) return "true";
  if (code === 0x66) return "false";
  return code === 0x6e ? "null" : "";
}

/** Behind the quote that ends a string whose content begins at a place; 0 where the piece ends before, or a closer look is needed. */
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

/** Behind a literal, or a number without point or exponent; 0 where the piece ends before, or a closer look is needed. */
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

/** No value is given from deeper than that many levels, and no list has its elements there. */
const NEAR = 2;

/**
 * Makes a cursor for the value that begins with the first character written to it: an object or an array. It is the first to read
 * every answer: one loop over the tokens that a piece holds whole, with its state in local variables; only what a piece cuts in two
 * is read character by character.
 *
 * @param depth - how deep members are given: 1 for the root's, 2 for those of its members as well
 */
export function createJsonCursor(onMember: MemberListener | null = null, depth: 1 | 2 = 1): JsonCursor {
  let state: JsonCursor["state"] = "open";
  let tokens = 0;
  let strictUntil = 0;
  /** Of the containers around each open one: 1 for an array. */
  let outer = new Uint8Array(64);
  /** How many containers are open, and whether the innermost one is an array. */
  let openLevel = 0;
  let inArray = false;
  let next = VALUE;
  /** Of the members under way, by level: the name, and where a container begins that is the value. */
  const keys = ["", "", ""];
  const starts = [0, 0, 0];
  // Shared while there are none: most values that are looked into have neither.
  let names = NO_NAMES;
  let lists = NO_LISTS;
  /** The list that is open, and the level of its elements. */
  let list: Writable<FoundList> | null = null;
  let listLevel = 0;
  /** Of the scalar near the root that waits for what follows it; -1: none does. */
  let scalarStart = -1;
  let scalarEnd = 0;
  /** The token that the piece has ended in, or that needs a closer look. */
  let token = NO_TOKEN;
  let tokenStart = 0;
  /** How far the number, the literal or the hexadecimal digits have come. */
  let progress = 0;
  let literal = "";
  /** Of a string that is the name of a member near the root: what has come of it. */
  let isName = false;
  let head = "";
  /** How many characters came before the piece, less where it begins. */
  let shift = 0;

  /** A value directly in a container near the root is complete. */
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

  /** A container opens inside one near the root, or is the root. */
  function openNear(level: number, isArray: boolean, opensArray: boolean, start: number): void {
    starts[level] = start;
    if (!opensArray || level > 1 || isArray) return;
    if (lists === NO_LISTS) cursor.lists = lists = [];
    const name = level === 0 ? null : (keys[1] ?? "");
    list = { name, isFirst: names.length === 1, start, end: start, closed: false };
    lists.push(list);
    listLevel = level + 1;
  }

  /** A container that a near one holds has closed, or the root. */
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

  /** A name of the root's has come whole, with its colon. */
  function enterName(): void {
    if (names === NO_NAMES) cursor.names = names = [];
    names.push(keys[1] ?? "");
  }

  /** Reads the tokens that the piece holds whole, up to one that it does not; returns the place behind what was read. */
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
        isBroken = expected > VALUE_OR_END;
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

  /** Begins a token that is read character by character; `false`: there is none. */
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
    const reached = goOnWithNumber(progress, text.charCodeAt(at));
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

  /** Goes on with the token that is read character by character. */
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
      cursor.end = at + shift;
      cursor.state = state;
      cursor.tokens = tokens;
      cursor.strictUntil = strictUntil;
    },
    finish() {
      // What follows it may be the beginning of something that is not told yet.
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
