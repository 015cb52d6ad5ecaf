import type { Writable } from "../../contract/writable.ts";
import { endOfScalarToken, endOfStringToken } from "./json-tokens.ts";
import { createRootMembers, type FoundList, type MemberListener, NEAR_ROOT } from "./root-members.ts";
import { createSplitToken } from "./split-token.ts";

const QUOTE_MARK = 0x22;
const COMMA_MARK = 0x2c;
const COLON_MARK = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

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

/** Values nested deeper are not JSON here: `JSON.parse` takes 200 ms for 500,000 levels (Node 24), and no schema has so many. */
const MAX_DEPTH = 10_000;

/**
 * Creates a cursor for the object or array that begins with the first character written. Hot path of every answer: one loop over the
 * complete tokens of a piece, with its state in local variables; only tokens split between pieces are read by character.
 *
 * @param depth - maximum level of reported members: 1 for members of the root, 2 for members of those as well
 */
export function createJsonCursor(onMember: MemberListener | null = null, depth: 1 | 2 = 1): JsonCursor {
  const members = createRootMembers(onMember, depth);
  const split = createSplitToken();
  let state: JsonCursor["state"] = "open";
  let tokens = 0;
  let strictUntil = 0;
  /** The kind of each enclosing container: 1 for an array. */
  let outer = new Uint8Array(64);
  /** Number of open containers, and whether the innermost one is an array. */
  let openLevel = 0;
  let inArray = false;
  let next = VALUE;
  /** Offset from positions in the piece to positions in the value. */
  let shift = 0;

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
    while (at < length) {
      const code = text.charCodeAt(at);
      at += 1;
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue;
      if (code === COMMA_MARK) {
        isBroken = expected !== COMMA_OR_END;
        if (level <= NEAR_ROOT && !isBroken) members.settleScalar(level, isArray);
        expected = isArray ? VALUE : NAME;
      } else if (code === COLON_MARK) {
        isBroken = expected !== COLON;
        if (level === 1 && !isBroken) members.enterName();
        expected = VALUE;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        isBroken = expected > VALUE_OR_END || level === MAX_DEPTH;
        if (level <= NEAR_ROOT && !isBroken) members.open(level, isArray, code === OPEN_ARRAY, at - 1 + shift);
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
        if (level <= NEAR_ROOT) members.settleScalar(level, isArray);
        level -= 1;
        isArray = outer[level] === 1;
        expected = COMMA_OR_END;
        if (level <= NEAR_ROOT) members.close(level, isArray, at + shift);
        if (level === 0) state = "done";
      } else if (expected > (code === QUOTE_MARK ? NAME_OR_END : VALUE_OR_END) || level === 0) isBroken = true;
      else {
        const end = code === QUOTE_MARK ? endOfStringToken(text, at) : endOfScalarToken(text, at - 1, code);
        if (end === 0) {
          split.begin(code, at - 1 + shift, expected >= NAME && level <= NEAR_ROOT);
          isBroken = split.state === "failed";
        } else if (expected >= NAME) {
          if (level <= NEAR_ROOT) members.name(level, text.slice(at, end - 1));
          expected = COLON;
        } else {
          if (level <= NEAR_ROOT) members.scalar(at - 1 + shift, end + shift);
          expected = COMMA_OR_END;
        }
        if (!isBroken) last = at;
        count += 1;
        if (end === 0) break;
        at = end;
        continue;
      }
      if (isBroken) break;
      count += 1;
      last = at;
      if (level === 0) break;
    }
    if (isBroken) state = "failed";
    openLevel = level;
    inArray = isArray;
    next = expected;
    tokens = count;
    strictUntil = last + shift;
    return at;
  }

  /** Reads more of the token that is split between pieces. Returns the position after what was read. */
  function readSplit(text: string, from: number): number {
    const at = split.read(text, from);
    if (split.state === "failed") state = "failed";
    if (split.state !== "complete") return at;
    split.clear();
    if (next >= NAME) {
      if (openLevel <= NEAR_ROOT) members.name(openLevel, split.source);
      next = COLON;
    } else {
      if (openLevel <= NEAR_ROOT) members.scalar(split.start, at + shift);
      next = COMMA_OR_END;
    }
    return at;
  }

  const cursor: Writable<JsonCursor> = {
    state,
    end: 0,
    tokens,
    strictUntil,
    names: members.names,
    lists: members.lists,
    begin() {
      members.begin();
      split.clear();
      cursor.state = state = "open";
      cursor.end = 0;
      cursor.tokens = tokens = 0;
      cursor.strictUntil = strictUntil = 0;
      cursor.names = members.names;
      cursor.lists = members.lists;
      openLevel = 0;
      inArray = false;
      next = VALUE;
    },
    write(text, from = 0) {
      if (state !== "open") return;
      shift = cursor.end - from;
      let at = from;
      while (at < text.length && state === "open") {
        at = split.state === "none" ? readTokens(text, at) : readSplit(text, at);
      }
      members.settleNames();
      cursor.names = members.names;
      cursor.lists = members.lists;
      cursor.end = at + shift;
      cursor.state = state;
      cursor.tokens = tokens;
      cursor.strictUntil = strictUntil;
    },
    finish() {
      // A complete scalar may still be unreported.
      if (state === "open" && split.state === "none") members.settleScalar(openLevel, inArray);
    },
  };
  return cursor;
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 4);
  more.set(bytes);
  return more;
}
