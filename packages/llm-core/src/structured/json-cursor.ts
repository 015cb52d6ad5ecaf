import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";
import type { Writable } from "../writable.ts";

/** A value inside the root, complete in the text. */
export interface FoundValue {
  /** Names and indexes from the root: `["items", 3]`. Never longer than the depth that was asked for. */
  readonly path: readonly (string | number)[];
  /** Where it stands, from the root's first character; `end` is behind its last one. */
  readonly start: number;
  readonly end: number;
}

/** Walks through one JSON value while its text arrives. */
export interface JsonCursor {
  /** More text; empty pieces are fine. */
  write(text: string): void;
  /** No more text: a value whose end was in it counts, also when nothing follows. A number at the very end had none. */
  finish(): void;
  /** `open`: all well so far. `done`: the root is complete. `failed`: what stands there is no JSON. */
  readonly state: "open" | "done" | "failed";
  /** Behind the root's last character, once `done`. */
  readonly end: number;
  /** Behind the last token that was well placed. */
  readonly strictUntil: number;
  /** Whether the root is an object or an array; `null` before its first character. */
  readonly root: "object" | "array" | null;
  /** The names of the root's members, as far as they have come. */
  readonly names: readonly string[];
  /** The root, if it is an array, and those of its members that are: where each begins. */
  readonly lists: readonly FoundList[];
}

/** An array that elements are looked for in. */
export interface FoundList {
  /** The member that holds it; `null`: the root itself. */
  readonly name: string | null;
  /** Of its bracket. */
  readonly start: number;
}

interface Frame {
  readonly start: number;
  readonly isArray: boolean;
  /** The index or the name of the value that is next or under way. */
  key: string | number;
  /** In an object: whether the next string is a name. */
  expectsName: boolean;
}

const NON_ASCII = 0x3f;

/**
 * One byte a UTF-16 unit, so that the tokenizer's byte offsets are offsets into the string. Everything beyond ASCII becomes a
 * question mark, which is as good as any character inside a string and an error outside, as it should be. Values are read from
 * the text, never from the tokens.
 */
function toUnits(text: string): Uint8Array {
  const units = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    units[at] = unit < 0x80 ? unit : NON_ASCII;
  }
  return units;
}

/**
 * Makes a cursor for the value that begins with the first character written to it.
 *
 * @param depth - how deep values are told: 1 for the root's members, 2 for theirs as well
 * @param onValue - called for each value that is complete, as soon as it is
 */
export function createJsonCursor(depth: number, onValue: (value: FoundValue) => void): JsonCursor {
  const tokenizer = new Tokenizer();
  // It watches the grammar; a path that nothing matches keeps it from building values.
  const grammar = new TokenParser({ paths: ["$.\u0000"], keepStack: false });
  const frames: Frame[] = [];
  const names: string[] = [];
  const lists: FoundList[] = [];
  let text = "";
  let scalar: { readonly start: number; readonly isName: boolean } | null = null;

  const fail = (): void => {
    if (cursor.state === "open") cursor.state = "failed";
  };
  grammar.onError = fail;
  tokenizer.onError = fail;
  // What follows the root is not this cursor's.
  grammar.onEnd = () => tokenizer.end();

  const emit = (start: number, valueEnd: number): void => {
    if (frames.length > depth || frames.length === 0) return;
    onValue({ path: frames.map((frame) => frame.key), start, end: valueEnd });
  };

  const settleScalar = (before: number): void => {
    if (scalar === null) return;
    const length = text.slice(scalar.start, before).trimEnd().length;
    emit(scalar.start, scalar.start + length);
    scalar = null;
  };

  tokenizer.onToken = (token) => {
    if (cursor.state !== "open") return;
    grammar.write(token);
    if (cursor.state !== "open") return;
    const { offset } = token;
    cursor.strictUntil = offset + 1;
    const frame = frames.at(-1);
    switch (token.token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET: {
        const isArray = token.token === TokenType.LEFT_BRACKET;
        cursor.root ??= isArray ? "array" : "object";
        if (isArray && (frame === undefined || (frames.length === 1 && typeof frame.key === "string"))) {
          lists.push({ name: typeof frame?.key === "string" ? frame.key : null, start: offset });
        }
        frames.push({ start: offset, isArray, key: isArray ? 0 : "", expectsName: !isArray });
        return;
      }
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET: {
        settleScalar(offset);
        const closed = frames.pop();
        if (closed === undefined) return;
        emit(closed.start, offset + 1);
        if (frames.length > 0) return;
        cursor.state = "done";
        cursor.end = offset + 1;
        return;
      }
      case TokenType.COMMA:
        settleScalar(offset);
        if (frame?.isArray && typeof frame.key === "number") frame.key += 1;
        else if (frame !== undefined) frame.expectsName = true;
        return;
      case TokenType.COLON:
        if (frame !== undefined && scalar !== null) {
          frame.key = readName(text.slice(scalar.start, offset));
          if (frames.length === 1) names.push(frame.key);
        }
        scalar = null;
        return;
      default:
        if (frame?.expectsName) {
          frame.expectsName = false;
          scalar = { start: offset, isName: true };
        } else {
          scalar = { start: offset, isName: false };
        }
    }
  };

  const cursor: Writable<JsonCursor> = {
    state: "open",
    end: 0,
    strictUntil: 0,
    root: null,
    names,
    lists,
    write(piece) {
      if (cursor.state !== "open" || piece === "") return;
      text += piece;
      tokenizer.write(toUnits(piece));
      // A scalar root has no end that could be seen; nobody asks for one.
      if (cursor.state === "open" && frames.length === 0 && scalar !== null) fail();
    },
    finish() {
      // What follows it may be the beginning of something that is not told yet.
      if (cursor.state === "open" && scalar?.isName === false && isWhole(text.slice(scalar.start)))
        settleScalar(text.length);
    },
  };
  return cursor;
}

function isWhole(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

function readName(source: string): string {
  return JSON.parse(source) as string;
}
