import { afford, COST, costOf, type Effort, isTurnDue } from "./effort.ts";
import { createJsonCursor, type FoundList, type JsonCursor } from "./json-cursor.ts";
import { reasoningTagAt } from "./reasoning-tag.ts";
import { parseOrUndefined, repair } from "./repair.ts";
import { looksLikeJson, scanSpan } from "./scan-span.ts";
import { sloppyNameAt } from "./sloppy-name.ts";

/** A piece of an answer that is JSON, almost JSON, or the beginning of it. */
export interface Span {
  readonly start: number;
  /** Behind its last character; `null`: the text ends before it does. */
  readonly end: number | null;
  /** What it says; `undefined` for one that does not end. */
  readonly value: unknown;
  /** Whether it had to be repaired (closed ones) or broke off after something that is no JSON (open ones). */
  readonly sloppy: boolean;
  /** Up to where it was strict JSON. */
  readonly strictUntil: number;
  readonly root: "object" | "array";
  /** Names of the root's members, as far as they can be seen. */
  readonly names: readonly string[];
  /** Of one that is not strict or has no end: the arrays at its root or among its members, as far as it was strict. */
  readonly lists: readonly FoundList[];
}

/** What `findSpans` found outside the model's reasoning. */
export interface FoundSpans {
  /** In the order of the text, none inside another. Only the last one can be open. */
  readonly spans: readonly Span[];
  /** Reasoning began and never ended: whatever it held, there is no answer behind it. */
  readonly reasoningOpen: boolean;
}

const LESS = 0x3c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/**
 * Finds the JSON in an answer: prose and fences around it are passed over, and so is reasoning in `<think>` or `<thinking>`, be it
 * closed, nested, or begun before the text. Tags and brackets inside JSON strings are data and stay. Ends early when the effort is
 * spent: the spans found so far are all there are.
 *
 * @param known - in the order of the text: what has been read of it already
 */
export async function findSpans(text: string, effort: Effort, known: readonly Span[] = []): Promise<FoundSpans> {
  let spans: Span[] = [];
  const cursor = createJsonCursor();
  let passedKnown = 0;
  let at = 0;
  let isFirst = true;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === LESS) {
      const tag = reasoningTagAt(text, at);
      if (tag?.closes) {
        // Reasoning whose beginning the server has cut off: all before was thought, not said.
        spans = [];
        at = tag.end;
      } else if (tag !== null) {
        const end = endOfReasoning(text, at);
        if (end === null) return { spans, reasoningOpen: true };
        at = end;
      } else at += 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (!afford(effort, COST.attempt)) break;
      if (isTurnDue(effort)) await effort.pace.turn();
      while ((known[passedKnown]?.start ?? Number.POSITIVE_INFINITY) < at) passedKnown += 1;
      const next = known[passedKnown];
      const span =
        (next?.start === at ? next : null) ??
        (isFirst ? wholeSpan(text, at) : null) ??
        readSpan(text, at, cursor, effort);
      isFirst = false;
      if (span !== null) spans.push(span);
      if (span?.end === null) break;
      at = span?.end ?? at + 1;
    } else at += 1;
  }
  return { spans, reasoningOpen: false };
}

/** Nested so deep from the beginning as no answer is: the platform's parser takes long for that. */
const DEEP = /^(?:[[{]\s*){16}/;

/** The span of a text that is JSON from `start` to its end, as most answers are: the platform's own parser knows soonest. */
function wholeSpan(text: string, start: number): Span | null {
  const root = text.charCodeAt(start) === OPEN_OBJECT ? "object" : "array";
  const source = text.slice(start).trimEnd();
  if (!source.endsWith(root === "object" ? "}" : "]") || DEEP.test(source)) return null;
  const value = parseOrUndefined(source);
  if (typeof value !== "object" || value === null) return null;
  return strictSpan(start, start + source.length, value, root === "object" ? Object.keys(value) : []);
}

/** The span of a value of strict JSON. */
export function strictSpan(start: number, end: number, value: unknown, names: readonly string[]): Span {
  const root = Array.isArray(value) ? "array" : "object";
  return { start, end, value, sloppy: false, strictUntil: end, root, names, lists: NO_LISTS };
}

const NO_LISTS: readonly FoundList[] = [];

/** Behind the tag that ends the reasoning which begins at `start`; `null` when none does. */
function endOfReasoning(text: string, start: number): number | null {
  let depth = 0;
  let lastEnd: number | null = null;
  for (let at = start; at >= 0; at = text.indexOf("<", at + 1)) {
    const tag = reasoningTagAt(text, at);
    if (tag === null) continue;
    depth += tag.closes ? -1 : 1;
    if (tag.closes) lastEnd = tag.end;
    if (depth === 0) return lastEnd;
  }
  // Tags that were only mentioned leave the count open: then the last end is the end.
  return lastEnd;
}

/** The span that begins at `start`, or `null` when that bracket begins none. */
function readSpan(text: string, start: number, cursor: JsonCursor, effort: Effort): Span | null {
  cursor.begin();
  cursor.write(text, start);
  effort.left -= costOf(cursor);
  const { state, names, lists } = cursor;
  const root = text.charCodeAt(start) === OPEN_OBJECT ? "object" : "array";
  if (state === "done") {
    const end = start + cursor.end;
    const value: unknown = JSON.parse(text.slice(start, end));
    return strictSpan(start, end, value, names);
  }
  if (state === "open") {
    cursor.finish();
    return { start, end: null, value: undefined, sloppy: false, strictUntil: text.length, root, names, lists };
  }
  if (effort.left < 0 || !looksLikeJson(text, start)) return null;
  return readSloppySpan(text, start, cursor, effort);
}

function readSloppySpan(text: string, start: number, cursor: JsonCursor, effort: Effort): Span | null {
  const { lists } = cursor;
  const strictUntil = start + cursor.strictUntil;
  const root = text.charCodeAt(start) === OPEN_OBJECT ? "object" : "array";
  const end = scanSpan(text, start);
  effort.left -= ((end ?? text.length) - start) * COST.scan;
  if (end === null) {
    const first = root === "object" ? sloppyNameAt(text, start) : null;
    const names = first === null ? [] : [first.name];
    return { start, end, value: undefined, sloppy: true, strictUntil, root, names, lists };
  }
  const value = repair(text.slice(start, end), effort);
  if (value === undefined) return null;
  const names = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return { start, end, value, sloppy: true, strictUntil, root, names, lists };
}

/** The content of an answer that is one JSON string as a whole, with JSON inside; any other answer as it is. */
export function unquoteWhole(text: string): string {
  if (!/^\s*"/.test(text)) return text;
  const value = parseOrUndefined(text);
  return typeof value === "string" && /[{[]/.test(value) ? value : text;
}
