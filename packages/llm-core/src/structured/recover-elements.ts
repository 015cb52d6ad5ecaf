import { afford, COST, costOf, type Effort } from "./effort.ts";
import { createJsonCursor, type FoundList, type JsonCursor } from "./json-cursor.ts";
import { parseOrUndefined, repair } from "./repair.ts";
import { scanSpan } from "./scan-span.ts";
import { sloppyNameAt } from "./sloppy-name.ts";

/** The elements of one array of a text. */
export interface RecoveredList {
  /** The member that holds the array; `null`: it is the root. */
  readonly name: string | null;
  readonly elements: readonly unknown[];
  /** Whether the array's own closing is in the text. */
  readonly closed: boolean;
}

/**
 * Reads the arrays of a value that is cut or damaged: those at its root, or among its members. An element counts only if its own
 * end is in the text; what is behind the first one that cannot be read, or for which the effort does not do, is given up.
 *
 * @param source - begins with the value's bracket; may end anywhere, and may go on behind the value
 */
export function recoverElements(source: string, effort: Effort): readonly RecoveredList[] {
  /** Of each array: where its last whole element ends, and whether it is closed. */
  const found = new Map<FoundList, { end: number; closed: boolean }>();
  const cursor = createJsonCursor(2, ({ key, within, end }) => {
    const list = cursor.lists.at(-1);
    if (list === undefined) return;
    if (typeof key === "number" && within === list.name) {
      const entry = found.get(list);
      if (entry === undefined) found.set(list, { end, closed: false });
      else entry.end = end;
    } else if (list.name !== null && within === null && key === list.name) {
      found.set(list, { end: found.get(list)?.end ?? 0, closed: true });
    }
  });
  if (!afford(effort, COST.attempt)) return [];
  cursor.write(source);
  cursor.finish();
  effort.left -= costOf(cursor);

  const lists = cursor.state === "failed" && cursor.lists.length === 0 ? sloppyList(source) : cursor.lists;
  return lists.map((list, index) => {
    const { end, closed } = found.get(list) ?? { end: 0, closed: cursor.state === "done" };
    const isClosed = closed || (list.name === null && cursor.state === "done");
    const elements = end === 0 ? [] : elementsUntil(source, list.start, end);
    if (cursor.state !== "failed" || isClosed || index < lists.length - 1) {
      return { name: list.name, elements, closed: isClosed };
    }
    const rest = sloppyElements(source, Math.max(end, list.start + 1), effort);
    return { name: list.name, elements: [...elements, ...rest.elements], closed: rest.closed };
  });
}

/** The elements of an array up to where one of them ends. */
function elementsUntil(source: string, start: number, end: number): readonly unknown[] {
  return JSON.parse(`${source.slice(start, end)}]`) as readonly unknown[];
}

/** Where an array begins whose object is not even strict JSON up to there. */
function sloppyList(source: string): readonly FoundList[] {
  if (source.startsWith("[")) return [{ name: null, start: 0 }];
  const first = sloppyNameAt(source, 0);
  if (first === null) return [];
  BLANKS.lastIndex = first.end;
  const start = first.end + (BLANKS.exec(source)?.[0].length ?? 0);
  return source.charAt(start) === "[" ? [{ name: first.name, start }] : [];
}

const BLANKS = /\s*/y;
const SKIP = /[\s,]*/y;
const SIMPLE = /("(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)\s*(?=[,\]])/y;
/** A single string that is longer is not looked for: the pattern would need as much memory as time. */
const LONGEST_SIMPLE = 65_536;

interface SloppyElement {
  readonly value: unknown;
  readonly end: number;
}

function sloppyElements(
  source: string,
  from: number,
  effort: Effort,
): { readonly elements: readonly unknown[]; readonly closed: boolean } {
  const elements: unknown[] = [];
  const cursor = createJsonCursor(1, () => {});
  let at = from;
  while (at < source.length && afford(effort, COST.attempt)) {
    SKIP.lastIndex = at;
    at += SKIP.exec(source)?.[0].length ?? 0;
    const char = source.charAt(at);
    if (char === "]") return { elements, closed: true };
    const element = char === "{" || char === "[" ? container(source, at, cursor, effort) : simple(source, at, effort);
    if (element === null || element.value === undefined) break;
    elements.push(element.value);
    at = element.end;
  }
  return { elements, closed: false };
}

function container(source: string, at: number, cursor: JsonCursor, effort: Effort): SloppyElement | null {
  cursor.begin();
  cursor.write(source, at);
  effort.left -= costOf(cursor);
  if (cursor.state === "done") {
    const end = at + cursor.end;
    return { value: JSON.parse(source.slice(at, end)), end };
  }
  const end = scanSpan(source, at);
  effort.left -= ((end ?? source.length) - at) * COST.scan;
  return end === null ? null : { value: repair(source.slice(at, end), effort), end };
}

function simple(source: string, at: number, effort: Effort): SloppyElement | null {
  SIMPLE.lastIndex = 0;
  const match = SIMPLE.exec(source.slice(at, at + LONGEST_SIMPLE))?.[1];
  if (match === undefined) return null;
  return { value: parseOrUndefined(match) ?? repair(match, effort), end: at + match.length };
}
