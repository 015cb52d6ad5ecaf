import { repair } from "./find-spans.ts";
import { createJsonCursor, type FoundList } from "./json-cursor.ts";
import { scanSpan } from "./scan-span.ts";

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
 * end is in the text; what is behind the first one that cannot be read is given up.
 *
 * @param source - begins with the value's bracket; may end anywhere, and may go on behind the value
 */
export function recoverElements(source: string): readonly RecoveredList[] {
  const found = new Map<string | null, { elements: unknown[]; end: number; closed: boolean }>();
  const cursor = createJsonCursor(2, ({ path, start, end }) => {
    const list = cursor.lists.at(-1);
    const [first, second] = path;
    if (list === undefined) return;
    if (
      list.name === null ? path.length === 1 : path.length === 2 && first === list.name && typeof second === "number"
    ) {
      const entry = found.get(list.name) ?? { elements: [], end: 0, closed: false };
      entry.elements.push(JSON.parse(source.slice(start, end)));
      found.set(list.name, { ...entry, end });
    } else if (list.name !== null && path.length === 1 && first === list.name) {
      const entry = found.get(list.name) ?? { elements: [], end, closed: true };
      found.set(list.name, { ...entry, closed: true });
    }
  });
  cursor.write(source);
  cursor.finish();

  const lists = cursor.state === "failed" && cursor.lists.length === 0 ? sloppyList(source) : cursor.lists;
  return lists.map((list, index) => {
    const strict = found.get(list.name) ?? { elements: [], end: 0, closed: cursor.state === "done" };
    const closed = strict.closed || (list.name === null && cursor.state === "done");
    if (cursor.state !== "failed" || closed || index < lists.length - 1) {
      return { name: list.name, elements: strict.elements, closed };
    }
    const rest = sloppyElements(source, Math.max(strict.end, list.start + 1));
    return { name: list.name, elements: [...strict.elements, ...rest.elements], closed: rest.closed };
  });
}

const SLOPPY_LIST = /^(?:\{\s*["'\u201c]?([\w$ -]+?)["'\u201d]?\s*:\s*)?\[/;

/** Where an array begins whose object is not even strict JSON up to there. */
function sloppyList(source: string): readonly FoundList[] {
  const match = SLOPPY_LIST.exec(source);
  if (match === null) return [];
  return [{ name: match[1] ?? null, start: match[0].length - 1 }];
}

const SKIP = /[\s,]*/y;
const SIMPLE = /("(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)\s*(?=[,\]])/y;

function sloppyElements(
  source: string,
  from: number,
): { readonly elements: readonly unknown[]; readonly closed: boolean } {
  const elements: unknown[] = [];
  let at = from;
  while (at < source.length) {
    SKIP.lastIndex = at;
    at += SKIP.exec(source)?.[0].length ?? 0;
    const char = source.charAt(at);
    if (char === "]") return { elements, closed: true };
    let end: number | null;
    if (char === "{" || char === "[") end = scanSpan(source, at);
    else {
      SIMPLE.lastIndex = at;
      const simple = SIMPLE.exec(source)?.[1];
      end = simple === undefined ? null : at + simple.length;
    }
    if (end === null) break;
    const value = repair(source.slice(at, end));
    if (value === undefined) break;
    elements.push(value);
    at = end;
  }
  return { elements, closed: false };
}
