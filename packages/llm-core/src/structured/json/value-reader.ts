import { createJsonCursor, type JsonCursor } from "./json-cursor.ts";
import { reasoningTagAt } from "./reasoning-tag.ts";
import { createTextBuffer } from "./text-buffer.ts";

/** Reads the JSON of an answer while it arrives. */
export interface ValueReader {
  write(text: string): void;
  /** Whether exactly this text was written, and all of it was read. */
  hasRead(text: string): boolean;
}

/** Returns a part of the text; positions are relative to the beginning of the current value. */
export type SourceOf = (start: number, end: number) => string;

/** The callbacks of a value reader. */
export interface ValueListener {
  /** A member of the current value is complete; see {@link createJsonCursor}. */
  onMember?(name: string, within: string | null, start: number, end: number, sourceOf: SourceOf): void;
  /** More of the value has been read. Also called before `onEnd` and `onFailure`. */
  onMore?(cursor: JsonCursor, sourceOf: SourceOf): void;
  /** The current value is complete. `start`: its position in the whole text. Return `false` if it was not useful. */
  onEnd(cursor: JsonCursor, sourceOf: SourceOf, start: number): boolean;
  /** The current value is not JSON. Return `true` to stop reading. */
  onFailure(cursor: JsonCursor): boolean;
}

const LESS = 0x3c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/** Maximum length of an incomplete reasoning tag that is waited for. */
const MAX_TAG_CHARS = 64;

/** Maximum rereading after failures, in characters: a fixed amount, plus an amount per character that arrives. */
const REREAD = 65_536;
const REREAD_PER_CHAR = 1;
/** Additional cost of a useless value, and of each of its tokens. */
const WASTE = 64;
const WASTE_OF_TOKEN = 4;

/**
 * Finds strict JSON in text that arrives in pieces, and reports complete parts as soon as possible. Skips prose, and reasoning in `<think>`
 * or `<thinking>`. Stops after too many failures; the complete answer is then read later as a whole.
 *
 * @param depth - maximum level of reported members: 1 for members of the value, 2 for members of those as well
 */
export function createValueReader(listener: ValueListener, depth: 1 | 2 = 1): ValueReader {
  const { onMember } = listener;
  const cursor = createJsonCursor(
    onMember === undefined ? null : (name, within, from, to) => onMember(name, within, from, to, sourceOf),
    depth,
  );
  const buffer = createTextBuffer();
  let length = 0;
  /** Position of the current value. */
  let start = 0;
  let reading = false;
  /** Position up to which the text was searched: before a tag that may be incomplete. */
  let searched = 0;
  let reasoningDepth = 0;
  let rereads = REREAD;
  let isFinished = false;

  const sourceOf: SourceOf = (from, to) => buffer.slice(start + from, start + to);

  /** Position of the next value; the length of the text if there is none. */
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

  /** Processes the state of the cursor. Returns how many characters of the value to skip; `null`: nothing more to read. */
  function settle(): number | null {
    listener.onMore?.(cursor, sourceOf);
    reading = cursor.state === "open";
    if (reading) return null;
    if (cursor.state === "done") {
      if (!listener.onEnd(cursor, sourceOf, start)) rereads -= WASTE;
      isFinished = rereads < 0;
      return isFinished ? null : cursor.end;
    }
    rereads -= cursor.end + cursor.tokens * WASTE_OF_TOKEN + WASTE;
    isFinished = listener.onFailure(cursor) || rereads < 0;
    return isFinished ? null : 1;
  }

  /** Reads the values that begin in a text; `before`: length of the preceding text. */
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
      if (isFinished) return;
      rereads += text.length * REREAD_PER_CHAR;
      buffer.append(text);
      length += text.length;
      if (!reading) {
        const before = length - text.length;
        readAll(searched === before ? text : buffer.slice(searched), searched);
        return;
      }
      cursor.write(text);
      const passed = settle();
      if (passed !== null) readAll(buffer.slice(start + passed), start + passed);
    },
    hasRead: (text) => !isFinished && text.length === length && text === buffer.slice(0),
  };
}

/** Whether an object may begin here: the next character excludes most braces of prose and code. */
function mayBeObject(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || next <= 0x20 || next === 0x22 || next === 0x7d;
}

/** Position of an incomplete tag at the end of the text; the length of the text if there is none. */
function tagMayBegin(text: string): number {
  const open = text.lastIndexOf("<");
  if (open < 0 || text.length - open > MAX_TAG_CHARS || text.includes(">", open)) return text.length;
  return open;
}
