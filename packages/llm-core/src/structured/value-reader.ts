import { createJsonCursor, type FoundValue, type JsonCursor } from "./json-cursor.ts";

/** Reads the JSON of an answer while it arrives. */
export interface ValueReader {
  write(text: string): void;
}

/** What a value reader tells. */
export interface ValueListener {
  /** A value inside the one that is being read is complete. `source`: its text. */
  onValue(found: FoundValue, cursor: JsonCursor, source: string): void;
  /** The value that is being read is complete. */
  onEnd(cursor: JsonCursor, source: string): void;
  /** What looked like JSON is none. `true`: what comes after it is not worth reading. */
  onFailure(cursor: JsonCursor): boolean;
}

const INTEREST = /[{[]|<(\/?)(?:think|thinking)\b[^<>]*>/gi;
const TAG = /<(\/?)(?:think|thinking)\b[^<>]*>/gi;
/** Longer than any tag of reasoning that is worth waiting for. */
const LONGEST_TAG = 64;

/**
 * Finds JSON in text that arrives in pieces, and tells what is complete as soon as it is. Strict JSON only. Reasoning in `<think>`
 * or `<thinking>` is passed over, and so is prose.
 *
 * @param depth - how deep values are told: 1 for members of the value, 2 for theirs as well
 */
export function createValueReader(depth: number, listener: ValueListener): ValueReader {
  let buffer = "";
  let at = 0;
  let reasoningDepth = 0;
  let cursor: JsonCursor | null = null;
  let start = 0;
  let fed = 0;
  let over = false;

  function passReasoning(): boolean {
    TAG.lastIndex = at;
    for (let tag = TAG.exec(buffer); tag !== null; tag = TAG.exec(buffer)) {
      reasoningDepth += tag[1] === "/" ? -1 : 1;
      at = tag.index + tag[0].length;
      if (reasoningDepth === 0) return true;
    }
    at = tagMayBegin(buffer, at);
    return false;
  }

  /** Moves on to the next value; `null` when the text so far has none. */
  function search(): JsonCursor | null {
    for (;;) {
      if (reasoningDepth > 0 && !passReasoning()) return null;
      INTEREST.lastIndex = at;
      const match = INTEREST.exec(buffer);
      if (match === null) {
        at = tagMayBegin(buffer, at);
        return null;
      }
      at = match.index + match[0].length;
      if (match[1] === undefined) break;
      if (match[1] === "") reasoningDepth = 1;
    }
    start = at - 1;
    fed = start;
    const base = start;
    const fresh: JsonCursor = createJsonCursor(depth, (found) =>
      listener.onValue(found, fresh, buffer.slice(base + found.start, base + found.end)),
    );
    return fresh;
  }

  return {
    write(text) {
      if (over) return;
      buffer += text;
      for (;;) {
        cursor ??= search();
        if (cursor === null) return;
        cursor.write(buffer.slice(fed));
        fed = buffer.length;
        if (cursor.state === "open") return;
        if (cursor.state === "done") {
          at = start + cursor.end;
          listener.onEnd(cursor, buffer.slice(start, at));
        } else {
          at = start + 1;
          if (listener.onFailure(cursor)) {
            over = true;
            return;
          }
        }
        cursor = null;
      }
    },
  };
}

/** Where a tag may have begun whose end has not come; the end of the text when none has. */
function tagMayBegin(buffer: string, from: number): number {
  const open = buffer.lastIndexOf("<");
  if (open < from || buffer.length - open > LONGEST_TAG || buffer.includes(">", open)) return buffer.length;
  return open;
}
