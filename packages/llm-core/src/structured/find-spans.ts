import { jsonrepair } from "jsonrepair";
import { createJsonCursor } from "./json-cursor.ts";
import { looksLikeJson, requote, scanSpan } from "./scan-span.ts";

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
}

/** What `findSpans` found outside the model's reasoning. */
export interface FoundSpans {
  /** In the order of the text, none inside another. Only the last one can be open. */
  readonly spans: readonly Span[];
  /** Reasoning began and never ended: whatever it held, there is no answer behind it. */
  readonly reasoningOpen: boolean;
}

const INTEREST = /[{[]|<(\/?)(think|thinking)\b[^<>]*>/gi;

/** How much may be looked at again and again before the rest is taken as it is, in lengths of the text. */
const MAX_EFFORT = 64;

/**
 * Finds the JSON in an answer: prose and fences around it are passed over, and so is reasoning in `<think>` or `<thinking>`, be it
 * closed, nested, or begun before the text. Tags and brackets inside JSON strings are data and stay.
 */
export function findSpans(text: string): FoundSpans {
  const spans: Span[] = [];
  let budget = text.length * MAX_EFFORT + 10_000;
  let at = 0;
  while (at < text.length) {
    INTEREST.lastIndex = at;
    const match = INTEREST.exec(text);
    if (match === null) break;
    if (match[2] !== undefined) {
      if (match[1] === "/") {
        // Reasoning whose beginning the server has cut off: all before was thought, not said.
        spans.length = 0;
        at = match.index + match[0].length;
        continue;
      }
      const end = endOfReasoning(text, match.index);
      if (end === null) return { spans, reasoningOpen: true };
      at = end;
      continue;
    }
    const span = budget > 0 ? readSpan(text, match.index) : null;
    if (span === null) {
      budget -= looksLikeJson(text, match.index) ? text.length - match.index : 256;
      at = match.index + 1;
      continue;
    }
    spans.push(span);
    if (span.end === null) break;
    budget -= span.end - match.index;
    at = span.end;
  }
  return { spans, reasoningOpen: false };
}

/** Behind the tag that ends the reasoning which begins at `start`; `null` when none does. */
function endOfReasoning(text: string, start: number): number | null {
  const tags = /<(\/?)(?:think|thinking)\b[^<>]*>/gi;
  tags.lastIndex = start;
  let depth = 0;
  let lastEnd: number | null = null;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    depth += tag[1] === "/" ? -1 : 1;
    if (tag[1] === "/") lastEnd = tag.index + tag[0].length;
    if (depth === 0) return lastEnd;
  }
  // Tags that were only mentioned leave the count open: then the last end is the end.
  return lastEnd;
}

/** The span that begins at `start`, or `null` when that bracket begins none. */
export function readSpan(text: string, start: number): Span | null {
  const cursor = createJsonCursor(1, () => {});
  let fed = start;
  // In pieces, so that a bracket of prose does not cost the whole rest of the text.
  for (let size = 256; cursor.state === "open" && fed < text.length; size *= 4) {
    cursor.write(text.slice(fed, fed + size));
    fed = Math.min(text.length, fed + size);
  }
  const root = text.charAt(start) === "{" ? "object" : "array";
  if (cursor.state === "done") {
    const end = start + cursor.end;
    const value: unknown = JSON.parse(text.slice(start, end));
    return { start, end, value, sloppy: false, strictUntil: end, root, names: [...cursor.names] };
  }
  if (cursor.state === "open") {
    return {
      start,
      end: null,
      value: undefined,
      sloppy: false,
      strictUntil: text.length,
      root,
      names: [...cursor.names],
    };
  }
  if (!looksLikeJson(text, start)) return null;
  return readSloppySpan(text, start, start + cursor.strictUntil);
}

function readSloppySpan(text: string, start: number, strictUntil: number): Span | null {
  const root = text.charAt(start) === "{" ? "object" : "array";
  const end = scanSpan(text, start);
  if (end === null) {
    const name = FIRST_NAME.exec(text.slice(start, start + 256))?.[1];
    const names = root === "object" && name !== undefined ? [name] : [];
    return { start, end, value: undefined, sloppy: true, strictUntil, root, names };
  }
  const value = repair(text.slice(start, end));
  if (value === undefined) return null;
  const names = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  return { start, end, value, sloppy: true, strictUntil, root, names };
}

const FIRST_NAME = /^\{\s*["'\u201c]?([\w$ .-]+?)["'\u201d]?\s*:/;

/** Reads what is almost JSON; `undefined` when it cannot be. Only for text that holds the end of its value. */
export function repair(source: string): unknown {
  const plain = parseOrUndefined(source);
  if (plain !== undefined) return plain;
  // Written as if it stood inside a string: {\"post\":\"x\"}
  const unescaped = /^[{[]\s*\\"/.test(source) ? parseOrUndefined(`"${source}"`) : undefined;
  if (typeof unescaped === "string") return repair(unescaped);
  try {
    return JSON.parse(jsonrepair(requote(source))) as unknown;
  } catch {
    return undefined;
  }
}

/** The content of an answer that is one JSON string as a whole, with JSON inside; any other answer as it is. */
export function unquoteWhole(text: string): string {
  if (!/^\s*"/.test(text)) return text;
  const value = parseOrUndefined(text);
  return typeof value === "string" && /[{[]/.test(value) ? value : text;
}

/** What strict JSON says; `undefined` when it is none. */
export function parseOrUndefined(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined;
  }
}
