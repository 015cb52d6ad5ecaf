import { afford, COST, costOf, type Effort, isTurnDue } from "./effort.ts";
import type { Span } from "./find-spans.ts";
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
 * @param source - begins with the value's bracket; ends with the value, or with the text
 * @param span - what has been seen of the value
 */
export async function recoverElements(
  source: string,
  { sloppy, lists }: Pick<Span, "sloppy" | "lists">,
  effort: Effort,
): Promise<readonly RecoveredList[]> {
  const found = sloppy && lists.length === 0 ? sloppyList(source) : lists;
  const recovered = found.map(({ name, start, end, closed }) => {
    return { name, elements: end === start ? [] : elementsUntil(source, start, end), closed };
  });
  const last = found.at(-1);
  const broken = recovered.at(-1);
  if (sloppy && last !== undefined && broken !== undefined && !last.closed) {
    broken.closed = await readSloppy(source, Math.max(last.end, last.start + 1), broken.elements, effort);
  }
  return recovered;
}

/** The elements of an array up to where one of them ends. */
function elementsUntil(source: string, start: number, end: number): unknown[] {
  return JSON.parse(`${source.slice(start, end)}]`) as unknown[];
}

/** Where an array begins whose object is not even strict JSON up to there. */
function sloppyList(source: string): readonly FoundList[] {
  if (source.startsWith("[")) return [{ name: null, isFirst: false, start: 0, end: 0, closed: false }];
  const first = sloppyNameAt(source, 0);
  if (first === null) return [];
  BLANKS.lastIndex = first.end;
  const start = first.end + (BLANKS.exec(source)?.[0].length ?? 0);
  return source.charAt(start) === "[" ? [{ name: first.name, isFirst: true, start, end: start, closed: false }] : [];
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

/** Adds the elements from a place on; returns whether the array's own closing was found. */
async function readSloppy(source: string, from: number, elements: unknown[], effort: Effort): Promise<boolean> {
  const cursor = createJsonCursor();
  let at = from;
  while (at < source.length && afford(effort, COST.attempt)) {
    if (isTurnDue(effort)) await effort.pace.turn();
    SKIP.lastIndex = at;
    at += SKIP.exec(source)?.[0].length ?? 0;
    const char = source.charAt(at);
    if (char === "]") return true;
    const element = char === "{" || char === "[" ? container(source, at, cursor, effort) : simple(source, at, effort);
    if (element === null || element.value === undefined) break;
    elements.push(element.value);
    at = element.end;
  }
  return false;
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
