import type { Writable } from "../contract/writable.ts";
import { createJsonTokens } from "./json-tokens.ts";

/** A value inside the root, complete in the text. */
export interface FoundValue {
  /** Its name or its index in what holds it. */
  readonly key: string | number;
  /** Of a value inside a member or an element of the root: the name or the index of that one. `null`: the root holds it. */
  readonly within: string | number | null;
  /** Where it stands, from the root's first character; `end` is behind its last one. */
  readonly start: number;
  readonly end: number;
}

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

/** A container near the root. */
interface Frame {
  readonly start: number;
  /** The index or the name of the value that is next or under way. */
  key: string | number;
}

type Next = "value" | "value or end" | "name" | "name or end" | "colon" | "comma or end";

const NO_NAMES: string[] = [];
const NO_LISTS: FoundList[] = [];

const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;

/**
 * Makes a cursor for the value that begins with the first character written to it: an object or an array.
 *
 * @param depth - how deep values are given: 1 for the root's members, 2 for theirs as well
 * @param onValue - called for each value that is complete, as soon as what follows it has come
 */
export function createJsonCursor(depth: 1 | 2, onValue: (value: FoundValue) => void): JsonCursor {
  /** Of all open containers: whether it is an array. */
  const kinds: boolean[] = [];
  /** Of those as deep as values are given. */
  const frames: Frame[] = [];
  // Shared while there are none: most values that are looked into have neither.
  let names = NO_NAMES;
  let lists = NO_LISTS;
  let next: Next = "value";
  /** Of the scalar that waits for what follows it; -1: none does. */
  let scalarStart = -1;
  let scalarEnd = 0;

  /** Whether the container that is open is an array. */
  const isInArray = (): boolean => kinds[kinds.length - 1] === true;
  const expectsValue = (): boolean => kinds.length > 0 && (next === "value" || next === "value or end");
  const expectsName = (): boolean => next === "name" || next === "name or end";
  /** The name of the root's member that is next or under way. */
  const memberName = (): string | null => {
    const key = kinds.length === 1 ? frames[0]?.key : undefined;
    return typeof key === "string" ? key : null;
  };

  function fail(): void {
    cursor.state = "failed";
  }

  function emit(start: number, end: number): void {
    if (kinds.length > depth || kinds.length === 0) return;
    const ofRoot = frames[0]?.key ?? 0;
    if (kinds.length === 1) onValue({ key: ofRoot, within: null, start, end });
    else onValue({ key: frames[1]?.key ?? 0, within: ofRoot, start, end });
  }

  function settleScalar(): void {
    if (scalarStart >= 0) emit(scalarStart, scalarEnd);
    scalarStart = -1;
  }

  function open(isArray: boolean, at: number): void {
    const name = memberName();
    if (isArray && (kinds.length === 0 || name !== null)) {
      if (lists === NO_LISTS) cursor.lists = lists = [];
      lists.push({ name, start: at });
    }
    if (kinds.length <= depth) frames.push({ start: at, key: isArray ? 0 : "" });
    kinds.push(isArray);
    next = isArray ? "value or end" : "name or end";
  }

  function close(at: number): void {
    settleScalar();
    kinds.pop();
    const closed = kinds.length <= depth ? frames.pop() : undefined;
    if (closed !== undefined) emit(closed.start, at + 1);
    next = "comma or end";
    if (kinds.length === 0) cursor.state = "done";
  }

  function passComma(): void {
    settleScalar();
    const frame = kinds.length <= depth ? frames[kinds.length - 1] : undefined;
    if (frame !== undefined && typeof frame.key === "number") frame.key += 1;
    next = isInArray() ? "value" : "name";
  }

  function passColon(): void {
    const name = memberName();
    if (name !== null) {
      if (names === NO_NAMES) cursor.names = names = [];
      names.push(name);
    }
    next = "value";
  }

  /** Whether a mark may stand here. */
  function isExpected(code: number): boolean {
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) return kinds.length === 0 ? next === "value" : expectsValue();
    if (code === CLOSE_OBJECT)
      return !isInArray() && (next === "comma or end" ? kinds.length > 0 : next === "name or end");
    if (code === CLOSE_ARRAY) return isInArray() && (next === "comma or end" || next === "value or end");
    return code === COMMA ? next === "comma or end" && kinds.length > 0 : next === "colon";
  }

  const tokens = createJsonTokens({
    goesOn: () => cursor.state === "open",
    needsSource: () => expectsName() && kinds.length <= depth,
    onBroken: fail,
    onMark(code, at) {
      if (!isExpected(code)) {
        fail();
        return;
      }
      cursor.tokens += 1;
      cursor.strictUntil = at + 1;
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) open(code === OPEN_ARRAY, at);
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) close(at);
      else if (code === COMMA) passComma();
      else passColon();
    },
    onString(start, end, source) {
      if (!expectsName()) {
        this.onScalar(start, end);
        return;
      }
      cursor.tokens += 1;
      cursor.strictUntil = start + 1;
      next = "colon";
      const frame = kinds.length <= depth ? frames[kinds.length - 1] : undefined;
      if (frame !== undefined) frame.key = source.includes("\\") ? readName(source) : source.slice(1, -1);
    },
    onScalar(start, end) {
      if (!expectsValue()) {
        fail();
        return;
      }
      cursor.tokens += 1;
      cursor.strictUntil = start + 1;
      scalarStart = start;
      scalarEnd = end;
      next = "comma or end";
    },
  });

  const cursor: Writable<JsonCursor> = {
    state: "open",
    end: 0,
    tokens: 0,
    strictUntil: 0,
    names,
    lists,
    begin() {
      names = NO_NAMES;
      lists = NO_LISTS;
      cursor.state = "open";
      cursor.end = 0;
      cursor.tokens = 0;
      cursor.strictUntil = 0;
      cursor.names = names;
      cursor.lists = lists;
      // Left over where the value before it failed.
      if (kinds.length > 0) kinds.length = 0;
      if (frames.length > 0) frames.length = 0;
      next = "value";
      scalarStart = -1;
      tokens.begin();
    },
    write(text, from = 0) {
      if (cursor.state === "open") cursor.end = tokens.write(text, from);
    },
    finish() {
      // What follows it may be the beginning of something that is not told yet.
      if (cursor.state === "open" && !tokens.isInside()) settleScalar();
    },
  };
  return cursor;
}

function readName(source: string): string {
  return JSON.parse(source) as string;
}
