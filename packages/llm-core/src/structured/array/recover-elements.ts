import { afford, EFFORT, type Effort, isPauseDue, readEffort } from "../effort.ts";
import type { Span } from "../json/find-spans.ts";
import { createJsonCursor, type JsonCursor } from "../json/json-cursor.ts";
import type { FoundList } from "../json/root-members.ts";
import { scanSpan } from "../json/scan-span.ts";
import { parseOrUndefined, repair } from "../repair/repair.ts";
import { sloppyNameAt } from "../repair/sloppy-name.ts";

/** The recovered elements of one array. */
export interface RecoveredList {
  /** The name of the member; `null`: the array is the root. */
  readonly name: string | null;
  readonly elements: readonly unknown[];
  /** Whether the closing bracket of the array is in the text. */
  readonly closed: boolean;
}

/**
 * Reads the arrays of a cut or malformed value: at its root, or among its members. Only complete elements count. Stops at the first element
 * that cannot be read, or when the effort is used up.
 *
 * @param source - from the opening bracket to the end of the value, or of the text
 * @param span - what is known of the value
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

/** The elements of an array up to the end of one of them. */
function elementsUntil(source: string, start: number, end: number): unknown[] {
  return JSON.parse(`${source.slice(start, end)}]`) as unknown[];
}

/** Finds the array in a value that is malformed before the array begins. */
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
/** Maximum length of a simple element: the memory use of the pattern grows with it. */
const MAX_SIMPLE_CHARS = 65_536;

interface SloppyElement {
  readonly value: unknown;
  readonly end: number;
}

/** Adds the elements from a position on. Returns whether the closing bracket of the array was found. */
async function readSloppy(source: string, from: number, elements: unknown[], effort: Effort): Promise<boolean> {
  const cursor = createJsonCursor();
  let at = from;
  while (at < source.length && afford(effort, EFFORT.attempt)) {
    if (isPauseDue(effort)) await effort.slicer.pause();
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
  effort.remaining -= readEffort(cursor);
  if (cursor.state === "done") {
    const end = at + cursor.end;
    return { value: JSON.parse(source.slice(at, end)), end };
  }
  const end = scanSpan(source, at);
  effort.remaining -= ((end ?? source.length) - at) * EFFORT.scan;
  return end === null ? null : { value: repair(source.slice(at, end), effort), end };
}

function simple(source: string, at: number, effort: Effort): SloppyElement | null {
  SIMPLE.lastIndex = 0;
  const match = SIMPLE.exec(source.slice(at, at + MAX_SIMPLE_CHARS))?.[1];
  if (match === undefined) return null;
  return { value: parseOrUndefined(match) ?? repair(match, effort), end: at + match.length };
}
