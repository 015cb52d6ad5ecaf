import { isRecord } from "../contract/json.ts";
import type { SchemaIssue } from "../errors/llm-error.ts";
import type { Check } from "./asked-schema.ts";
import { type Effort, effortFor } from "./effort.ts";
import { findSpans, type Span, unquoteWhole } from "./find-spans.ts";
import { recoverElements } from "./recover-elements.ts";
import { hasWantedName, type WantedShape } from "./wanted-shape.ts";

/** An element of an answer after validation. */
export type ReadElement<T> =
  | { readonly ok: true; readonly value: T; readonly raw: unknown }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[]; readonly raw: unknown };

/** The elements of an answer. */
export interface ElementsRead<T> {
  readonly elements: readonly ReadElement<T>[];
  /** The array did not end, or there is none. */
  readonly cut: boolean;
  /** Whether there was an array at all, or an element. */
  readonly found: boolean;
}

/** How to read an answer that should hold many values. */
export interface ElementReading<T> {
  /** What is known of one element. */
  readonly element: WantedShape;
  /** The member the dialect put the array into; `null`: it is the root. */
  readonly wrap: string | null;
  /** Whether the token limit ended the answer. */
  readonly cutByLimit: boolean;
  /** Of more valid elements than these the rest is left out. Default: all are read. */
  readonly most?: number | undefined;
  readonly check: Check<T>;
}

interface ListCandidate {
  readonly elements: readonly unknown[];
  readonly cut: boolean;
}

const MAX_DEPTH = 3;
/** An array with so many elements that do not fit, and fewer that do, is not read further. */
const MAX_MISFITS = 1_000;
/** Of all arrays of an answer. */
const MAX_MISFITS_IN_ALL = 8_000;
/** How many elements are validated before the validators that take their time are waited for. */
const AT_ONCE = 256;

/**
 * Reads the elements out of an answer that should be an array of them, or an object that holds the array. Of several arrays the
 * one with the most valid elements is the answer, of equals the longest, of these the last. Objects without an array around them
 * count as one.
 */
export async function readElements<T>(text: string, reading: ElementReading<T>): Promise<ElementsRead<T>> {
  const whole = unquoteWhole(text);
  const effort = effortFor(whole);
  const best = await bestOf(listsOf(whole, reading, 0, effort), reading);
  const isHopeless = best === null || !best.elements.some((element) => element.ok);
  const restarted = isHopeless && !reading.cutByLimit ? await bestOf(restarts(whole, effort), reading) : null;
  if (restarted?.elements.some((element) => element.ok)) return restarted;
  return best ?? { elements: [], cut: true, found: false };
}

async function bestOf<T>(
  lists: readonly ListCandidate[],
  { check, most = Number.POSITIVE_INFINITY }: ElementReading<T>,
): Promise<ElementsRead<T> | null> {
  // The longest first, and of equals the last: one that comes later has to have more valid elements.
  const ordered = [...lists].reverse().sort((a, b) => b.elements.length - a.elements.length);
  let best: { readonly read: ElementsRead<T>; readonly valid: number } | null = null;
  let misfitsInAll = 0;
  for (const { elements: raws, cut } of ordered) {
    if (best !== null && (raws.length <= best.valid || misfitsInAll >= MAX_MISFITS_IN_ALL)) break;
    const elements: ReadElement<T>[] = [];
    let valid = 0;
    let misfits = 0;
    while (elements.length < raws.length && valid < most && (misfits < MAX_MISFITS || misfits <= valid)) {
      const chunk = await readChunk(raws.slice(elements.length, elements.length + AT_ONCE), check);
      for (const element of chunk) {
        elements.push(element);
        if (element.ok) valid += 1;
        else misfits += 1;
      }
    }
    misfitsInAll += misfits;
    if (best === null || valid > best.valid) best = { read: { elements, cut, found: true }, valid };
  }
  return best?.read ?? null;
}

async function readChunk<T>(raws: readonly unknown[], check: Check<T>): Promise<readonly ReadElement<T>[]> {
  const elements: ReadElement<T>[] = [];
  for (const [index, one] of raws.map((raw) => check(raw)).entries()) {
    const checked = one instanceof Promise ? await one : one;
    const raw = raws[index];
    elements.push(checked.ok ? { ok: true, value: checked.value, raw } : { ok: false, issues: checked.issues, raw });
  }
  return elements;
}

/** Arrays behind the place where something broke off that was no JSON, as when a model starts again. */
function restarts(text: string, effort: Effort): readonly ListCandidate[] {
  return findSpans(text, effort)
    .spans.filter((span) => span.sloppy)
    .flatMap((span) => findSpans(text.slice(span.strictUntil), effort).spans)
    .flatMap(({ value, sloppy }) => (Array.isArray(value) && !sloppy ? [{ elements: value, cut: false }] : []));
}

type Reading = Pick<ElementReading<unknown>, "element" | "wrap">;

function listsOf(text: string, reading: Reading, depth: number, effort: Effort): readonly ListCandidate[] {
  const { spans } = findSpans(text, effort);
  const groups: (readonly ListCandidate[])[] = [];
  const loose: unknown[] = [];
  let looseCut = false;
  for (const span of spans) {
    const isDoubtful = span.end === null || span.sloppy;
    if (isDoubtful && isBracketOfProse(text, span, reading)) {
      if (depth >= MAX_DEPTH) continue;
      groups.push(listsOf(text.slice(span.start + 1, span.end ?? undefined), reading, depth + 1, effort));
      if (span.root === "array") continue;
    }
    groups.push(listsOfSpan(text, span, reading, effort));
    if (span.end !== null && isRecord(span.value)) loose.push(span.value);
    if (span.end === null && span.root === "object") looseCut = true;
  }
  // First, so that an array with as many valid elements is preferred.
  if (loose.length > 0) groups.unshift([{ elements: loose, cut: looseCut }]);
  return groups.flat();
}

/** Whether something that is not quite JSON cannot be the array, nor an element: then what is inside may be. */
function isBracketOfProse(text: string, span: Span, reading: Reading): boolean {
  if (span.root === "object") return !isElement(span.names, reading);
  const first = /\S/.exec(text.slice(span.start + 1))?.[0];
  if (reading.element.root === "object") return first !== undefined && first !== "{";
  return reading.element.root === "other" && first === "[";
}

/** Whether an object with these members is an element itself, so that arrays inside it are its own. */
function isElement(names: readonly string[], { element, wrap }: Reading): boolean {
  if (element.root === "array" || (wrap !== null && names.includes(wrap))) return false;
  return element.names === null ? names.length > 1 : hasWantedName(names, element);
}

/** The arrays that a span is or holds. */
function listsOfSpan(text: string, span: Span, reading: Reading, effort: Effort): readonly ListCandidate[] {
  if (span.root === "object" && isElement(span.names, reading)) return [];
  const closed = span.end === null ? [] : listsOfValue(span.value, reading, 0);
  if (span.end !== null && !span.sloppy) return closed;
  const recovered = recoverElements(text.slice(span.start, span.end ?? undefined), effort)
    .filter((list) => list.name === null || reading.wrap === list.name || span.names.length <= 1)
    .map((list) => ({ elements: list.elements, cut: !list.closed }));
  return [...recovered, ...closed];
}

function listsOfValue(value: unknown, reading: Reading, depth: number): readonly ListCandidate[] {
  if (Array.isArray(value)) return [{ elements: value, cut: false }];
  if (!isRecord(value) || depth > MAX_DEPTH || isElement(Object.keys(value), reading)) return [];
  const wrapped = reading.wrap === null ? undefined : value[reading.wrap];
  if (Array.isArray(wrapped)) return [{ elements: wrapped, cut: false }];
  const members = Object.values(value);
  if (members.length === 1) return listsOfValue(members[0], reading, depth + 1);
  return members.filter((member) => Array.isArray(member)).map((elements) => ({ elements, cut: false }));
}
