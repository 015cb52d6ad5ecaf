import { afford, EFFORT, type Effort, isPauseDue, readEffort } from "../effort.ts";
import { parseOrUndefined, repair } from "../repair/repair.ts";
import { sloppyNameAt } from "../repair/sloppy-name.ts";
import { createJsonCursor, type JsonCursor } from "./json-cursor.ts";
import { reasoningTagAt } from "./reasoning-tag.ts";
import type { FoundList } from "./root-members.ts";
import { looksLikeJson, scanSpan } from "./scan-span.ts";

/** A part of an answer that is JSON, malformed JSON, or incomplete JSON. */
export interface Span {
  readonly start: number;
  /** Position after its last character; `null`: the text ends first. */
  readonly end: number | null;
  /** The parsed value; `undefined` if it does not end. */
  readonly value: unknown;
  /** Whether it had to be repaired (closed spans), or contains something that is not JSON (open spans). */
  readonly sloppy: boolean;
  /** Position up to which it is strict JSON. */
  readonly strictUntil: number;
  readonly root: "object" | "array";
  /** Names of the root's members, as far as known. */
  readonly names: readonly string[];
  /** For spans that are not strict or do not end: the arrays at the root or among its members, in the strict part. */
  readonly lists: readonly FoundList[];
}

/** The result of {@link findSpans}. */
export interface FoundSpans {
  /** In text order, not nested. Only the last one can be open. */
  readonly spans: readonly Span[];
  /** Reasoning began and did not end: no answer follows. */
  readonly reasoningOpen: boolean;
}

const LESS = 0x3c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/**
 * Finds the JSON in an answer. Skips prose, fences, and reasoning in `<think>` or `<thinking>`, also nested or begun before the text. Tags
 * and brackets inside JSON strings are data. Stops when the effort is used up, and returns the spans found so far.
 *
 * @param known - spans that were already read, in text order
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
        // The server removed the opening tag: all text before is reasoning.
        spans = [];
        at = tag.end;
      } else if (tag !== null) {
        const end = endOfReasoning(text, at);
        if (end === null) return { spans, reasoningOpen: true };
        at = end;
      } else at += 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (!afford(effort, EFFORT.attempt)) break;
      if (isPauseDue(effort)) await effort.slicer.pause();
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

/** Deeply nested from the start, unlike any real answer: `JSON.parse` is slow for such text. */
const DEEP = /^(?:[[{]\s*){16}/;

/** The span of a text that is JSON from `start` to its end, as in most answers: `JSON.parse` is the fastest check. */
function wholeSpan(text: string, start: number): Span | null {
  const root = text.charCodeAt(start) === OPEN_OBJECT ? "object" : "array";
  const source = text.slice(start).trimEnd();
  if (!source.endsWith(root === "object" ? "}" : "]") || DEEP.test(source)) return null;
  const value = parseOrUndefined(source);
  if (typeof value !== "object" || value === null) return null;
  return strictSpan(start, start + source.length, value, root === "object" ? Object.keys(value) : []);
}

/** Creates the span of a strict JSON value. */
export function strictSpan(start: number, end: number, value: unknown, names: readonly string[]): Span {
  const root = Array.isArray(value) ? "array" : "object";
  return { start, end, value, sloppy: false, strictUntil: end, root, names, lists: NO_LISTS };
}

const NO_LISTS: readonly FoundList[] = [];

/** Position after the tag that ends the reasoning begun at `start`; `null`: it does not end. */
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
  // Tags that are only mentioned in the text unbalance the count: use the last closing tag.
  return lastEnd;
}

/** The span that begins at `start`; `null` if that bracket does not begin JSON. */
function readSpan(text: string, start: number, cursor: JsonCursor, effort: Effort): Span | null {
  cursor.begin();
  cursor.write(text, start);
  effort.remaining -= readEffort(cursor);
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
  if (effort.remaining < 0 || !looksLikeJson(text, start)) return null;
  return readSloppySpan(text, start, cursor, effort);
}

function readSloppySpan(text: string, start: number, cursor: JsonCursor, effort: Effort): Span | null {
  const { lists } = cursor;
  const strictUntil = start + cursor.strictUntil;
  const root = text.charCodeAt(start) === OPEN_OBJECT ? "object" : "array";
  const end = scanSpan(text, start);
  effort.remaining -= ((end ?? text.length) - start) * EFFORT.scan;
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

/** If the whole answer is one JSON string that contains JSON, returns the content of the string; else the answer unchanged. */
export function unquoteWhole(text: string): string {
  if (!/^\s*"/.test(text)) return text;
  const value = parseOrUndefined(text);
  return typeof value === "string" && /[{[]/.test(value) ? value : text;
}
