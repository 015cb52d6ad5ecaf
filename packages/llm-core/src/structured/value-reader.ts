import { createJsonCursor, type JsonCursor } from "./json-cursor.ts";
import { createKeptText } from "./kept-text.ts";
import { reasoningTagAt } from "./reasoning-tag.ts";

/** Reads the JSON of an answer while it arrives. */
export interface ValueReader {
  write(text: string): void;
  /** Whether exactly this text has been written, and all of it was read. */
  hasRead(text: string): boolean;
}

/** Gives a part of the text; places count from the beginning of the value that is being read. */
export type SourceOf = (start: number, end: number) => string;

/** What a value reader calls. */
export interface ValueListener {
  /** A member of the value that is being read is complete; see {@link createJsonCursor}. */
  onMember?(name: string, within: string | null, start: number, end: number, sourceOf: SourceOf): void;
  /** More of the value has been read than before, or its end, or what makes it none: called before `onEnd` and `onFailure`. */
  onMore?(cursor: JsonCursor, sourceOf: SourceOf): void;
  /** The value that is being read is complete. `false`: it was of no use. `start`: its place in the whole text. */
  onEnd(cursor: JsonCursor, sourceOf: SourceOf, start: number): boolean;
  /** What looked like JSON is not. `true`: what comes after it is not worth reading. */
  onFailure(cursor: JsonCursor): boolean;
}

const LESS = 0x3c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/** Longer than any tag of reasoning that is worth waiting for. */
const LONGEST_TAG = 64;

/** How much may be read again after failures, in characters: some at once, and more with each character that arrives. */
const REREAD = 65_536;
const REREAD_PER_CHAR = 1;
/** What a value that was read in vain costs beside its characters, and each of its tokens. */
const WASTE = 64;
const WASTE_OF_TOKEN = 4;

/**
 * Finds JSON in text that arrives in pieces, and gives what is complete as soon as it is. Strict JSON only. Reasoning in `<think>`
 * or `<thinking>` is passed over, and so is prose. A text that fails again and again is given up: the reading of the whole answer
 * sees to it.
 *
 * @param depth - how deep members are given: 1 for those of the value, 2 for theirs as well
 */
export function createValueReader(listener: ValueListener, depth: 1 | 2 = 1): ValueReader {
  const { onMember } = listener;
  const cursor = createJsonCursor(
    onMember === undefined ? null : (name, within, from, to) => onMember(name, within, from, to, sourceOf),
    depth,
  );
  const kept = createKeptText();
  let length = 0;
  /** Where the value that is being read begins. */
  let start = 0;
  let reading = false;
  /** Up to where the text was searched: where the tag begins that may not be whole yet. */
  let searched = 0;
  let reasoningDepth = 0;
  let rereads = REREAD;
  let over = false;

  const sourceOf: SourceOf = (from, to) => kept.slice(start + from, start + to);

  /** The place of the next value; the length of the text when it has none. */
  function search(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === LESS) {
        const tag = reasoningTagAt(text, at);
        if (tag === null) continue;
        if (reasoningDepth > 0) reasoningDepth += tag.closes ? -1 : 1;
        else if (!tag.closes) reasoningDepth = 1;
        at = tag.end - 1;
      } else if (reasoningDepth === 0 && (code === OPEN_ARRAY || (code === OPEN_OBJECT && mayBeObject(text, at)))) {
        return at;
      }
    }
    return text.length;
  }

  /** What the cursor's state means; returns how much of the value has been passed, `null` when there is no more to read. */
  function settle(): number | null {
    listener.onMore?.(cursor, sourceOf);
    reading = cursor.state === "open";
    if (reading) return null;
    if (cursor.state === "done") {
      if (!listener.onEnd(cursor, sourceOf, start)) rereads -= WASTE;
      over = rereads < 0;
      return over ? null : cursor.end;
    }
    rereads -= cursor.end + cursor.tokens * WASTE_OF_TOKEN + WASTE;
    over = listener.onFailure(cursor) || rereads < 0;
    return over ? null : 1;
  }

  /** Reads the values that begin in a text; `before`: what comes before it. */
  function readAll(text: string, before: number): void {
    let at = 0;
    for (;;) {
      const found = search(text, at);
      if (found === text.length) {
        searched = before + Math.max(at, tagMayBegin(text));
        return;
      }
      start = before + found;
      cursor.begin();
      cursor.write(text, found);
      const passed = settle();
      if (passed === null) return;
      at = found + passed;
    }
  }

  return {
    write(text) {
      if (over) return;
      rereads += text.length * REREAD_PER_CHAR;
      kept.append(text);
      length += text.length;
      if (!reading) {
        const before = length - text.length;
        readAll(searched === before ? text : kept.slice(searched), searched);
        return;
      }
      cursor.write(text);
      const passed = settle();
      if (passed !== null) readAll(kept.slice(start + passed), start + passed);
    },
    hasRead: (text) => !over && text.length === length && text === kept.slice(0),
  };
}

/** Most braces of prose and code are seen through by the next character. */
function mayBeObject(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || next <= 0x20 || next === 0x22 || next === 0x7d;
}

/** Where a tag may have begun whose end has not come; the end of the text when none has. */
function tagMayBegin(text: string): number {
  const open = text.lastIndexOf("<");
  if (open < 0 || text.length - open > LONGEST_TAG || text.includes(">", open)) return text.length;
  return open;
}
