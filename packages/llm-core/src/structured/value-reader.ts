import { createJsonCursor, type FoundValue, type JsonCursor } from "./json-cursor.ts";
import { createKeptText, type KeptText } from "./kept-text.ts";
import { reasoningTagAt } from "./reasoning-tag.ts";

/** Reads the JSON of an answer while it arrives. */
export interface ValueReader {
  write(text: string): void;
}

/** What a value reader calls. `text` begins with the value that is being read. */
export interface ValueListener {
  /** A value inside the one that is being read is complete. */
  onValue(found: FoundValue, cursor: JsonCursor, text: KeptText): void;
  /** The value that is being read is complete. */
  onEnd(cursor: JsonCursor, text: KeptText): void;
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
const REREAD_PER_CHAR = 2;
/** What a failure costs beside the characters that were read in vain. */
const FAILURE = 64;

/**
 * Finds JSON in text that arrives in pieces, and gives what is complete as soon as it is. Strict JSON only. Reasoning in `<think>`
 * or `<thinking>` is passed over, and so is prose. A text that fails again and again is given up: the reading of the whole answer
 * sees to it.
 *
 * @param depth - how deep values are given: 1 for members of the value, 2 for theirs as well
 */
export function createValueReader(depth: number, listener: ValueListener): ValueReader {
  const cursor: JsonCursor = createJsonCursor(depth, (found) => listener.onValue(found, cursor, kept));
  /** From the beginning of the value that is being read. */
  let kept = createKeptText();
  let reading = false;
  /** The end of what was searched, where a tag may have begun. */
  let pending = "";
  let reasoningDepth = 0;
  let rereads = REREAD;
  let over = false;

  /** The place of the next value; -1 when the text has none. */
  function search(text: string): number {
    for (let at = 0; at < text.length; at += 1) {
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
    pending = text.slice(tagMayBegin(text));
    return -1;
  }

  /** Reads on in a value; returns the text behind its end, or behind the bracket that began none; `null` when there is no more. */
  function read(text: string): string | null {
    kept.append(text);
    cursor.write(text);
    reading = cursor.state === "open";
    if (reading) return null;
    if (cursor.state === "done") {
      listener.onEnd(cursor, kept);
      return kept.slice(cursor.end);
    }
    rereads -= cursor.end + FAILURE;
    over = listener.onFailure(cursor) || rereads < 0;
    return over ? null : kept.slice(1);
  }

  return {
    write(piece) {
      if (over) return;
      rereads += piece.length * REREAD_PER_CHAR;
      let rest = reading ? read(piece) : pending + piece;
      while (rest !== null) {
        pending = "";
        const start = search(rest);
        if (start < 0) return;
        kept = createKeptText();
        cursor.begin();
        rest = read(rest.slice(start));
      }
    },
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
