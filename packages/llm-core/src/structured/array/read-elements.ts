import { isRecord } from "../../contract/json.ts";
import { type Effort, effortFor } from "../effort.ts";
import { findSpans, type Span, unquoteWhole } from "../json/find-spans.ts";
import type { ExpectedShape } from "../schema/expected-shape.ts";
import type { Check, Checked } from "../schema/requested-schema.ts";
import { NO_SLICING, type TimeSlicer } from "../time-slicer.ts";
import { createElementTest } from "./element-test.ts";
import { recoverElements } from "./recover-elements.ts";

/** The elements of an answer. */
export interface ElementsRead<T> {
  /** As the model wrote them. */
  readonly raws: readonly unknown[];
  /** The validation result of each element. */
  readonly checks: readonly Checked<T>[];
  /** Whether the array does not end, or is missing. */
  readonly cut: boolean;
  /** Whether an array or an element was found. */
  readonly found: boolean;
}

/** Options of {@link readElements}. */
export interface ElementReading<T> {
  /** The expected shape of one element. */
  readonly element: ExpectedShape;
  /** The member in which the dialect wraps the array; `null`: the array is the root. */
  readonly wrap: string | null;
  /** Whether the token limit ended the answer. */
  readonly cutByLimit: boolean;
  /** Stops after this number of valid elements. Default: no limit. */
  readonly maxElements?: number | undefined;
  /** Spans that were parsed while the text arrived, in text order. */
  readonly known?: ((text: string) => readonly Span[]) | undefined;
  /** The same for a text that has nothing but elements: see `ElementReader`. */
  readonly onlyElements?: ((text: string) => readonly unknown[] | null) | undefined;
  readonly check: Check<T>;
  /** Default: not divided into time slices. */
  readonly slicer?: TimeSlicer | undefined;
}

interface ListCandidate {
  readonly elements: readonly unknown[];
  readonly cut: boolean;
}

const MAX_DEPTH = 3;
/** An array with this many invalid elements, and fewer valid ones, is not read further. */
const MAX_MISFITS = 1_000;
/** The same limit for all arrays of an answer together. */
const MAX_MISFITS_IN_ALL = 8_000;
/** Number of elements validated in parallel by asynchronous validators. */
const AT_ONCE = 256;

/**
 * Reads the elements of an answer that should be an array, or an object that holds it. Of several arrays, chooses the one with the most
 * valid elements, then the longest, then the last. Top-level objects without an array count as one array.
 */
export async function readElements<T>(text: string, reading: ElementReading<T>): Promise<ElementsRead<T>> {
  const elements = reading.onlyElements?.(text) ?? null;
  const only = elements === null ? null : await bestOf([{ elements, cut: false }], reading);
  if (only !== null && hasValid(only)) return only;
  const whole = unquoteWhole(text);
  const effort = effortFor(whole, reading.slicer);
  const known = whole === text ? reading.known?.(text) : [];
  const { element, wrap } = reading;
  const layout = { element, wrap, isElement: createElementTest({ element, wrap }) };
  const best = await bestOf(await listsOf(whole, layout, 0, effort, known), reading);
  const isHopeless = best === null || !hasValid(best);
  const restarted = isHopeless && !reading.cutByLimit ? await bestOf(await restarts(whole, effort), reading) : null;
  if (restarted !== null && hasValid(restarted)) return restarted;
  return best ?? { raws: [], checks: [], cut: true, found: false };
}

const hasValid = ({ checks }: ElementsRead<unknown>): boolean => checks.some(({ ok }) => ok);

async function bestOf<T>(
  lists: readonly ListCandidate[],
  { check, maxElements = Number.POSITIVE_INFINITY, slicer = NO_SLICING }: ElementReading<T>,
): Promise<ElementsRead<T> | null> {
  // Longest first, then last first: a later candidate must have more valid elements.
  const ordered = [...lists].reverse().sort((a, b) => b.elements.length - a.elements.length);
  let best: { readonly read: ElementsRead<T>; readonly valid: number } | null = null;
  let misfitsInAll = 0;
  for (const { elements, cut } of ordered) {
    if (best !== null && (elements.length <= best.valid || misfitsInAll >= MAX_MISFITS_IN_ALL)) break;
    const checks: Checked<T>[] = [];
    let valid = 0;
    let misfits = 0;
    while (checks.length < elements.length && valid < maxElements && (misfits < MAX_MISFITS || misfits <= valid)) {
      if (slicer.isSliceOver()) await slicer.pause();
      const until = Math.min(elements.length, checks.length + AT_ONCE);
      const chunk: (Checked<T> | Promise<Checked<T>>)[] = [];
      for (let at = checks.length; at < until; at += 1) chunk.push(check(elements[at]));
      for (const one of chunk) {
        const checked = one instanceof Promise ? await one : one;
        checks.push(checked);
        if (checked.ok) valid += 1;
        else misfits += 1;
      }
    }
    misfitsInAll += misfits;
    const raws = checks.length === elements.length ? elements : elements.slice(0, checks.length);
    if (best === null || valid > best.valid) best = { read: { raws, checks, cut, found: true }, valid };
  }
  return best?.read ?? null;
}

/** Arrays after a position where the text stopped being JSON, for models that start again. */
async function restarts(text: string, effort: Effort): Promise<readonly ListCandidate[]> {
  const lists: ListCandidate[] = [];
  for (const broken of (await findSpans(text, effort)).spans) {
    if (!broken.sloppy) continue;
    for (const { value, sloppy } of (await findSpans(text.slice(broken.strictUntil), effort)).spans) {
      if (Array.isArray(value) && !sloppy) lists.push({ elements: value, cut: false });
    }
  }
  return lists;
}

interface ElementLayout extends Pick<ElementReading<unknown>, "element" | "wrap"> {
  /** See {@link createElementTest}. */
  isElement(names: readonly string[]): boolean;
}

async function listsOf(
  text: string,
  reading: ElementLayout,
  depth: number,
  effort: Effort,
  known?: readonly Span[],
): Promise<readonly ListCandidate[]> {
  const { spans } = await findSpans(text, effort, known);
  const lists: ListCandidate[] = [];
  const loose: unknown[] = [];
  let looseCut = false;
  for (const [index, span] of spans.entries()) {
    if (index % AT_ONCE === 0 && effort.slicer.isSliceOver()) await effort.slicer.pause();
    const isDoubtful = span.end === null || span.sloppy;
    if (isDoubtful && isBracketOfProse(text, span, reading)) {
      if (depth >= MAX_DEPTH) continue;
      const inside = text.slice(span.start + 1, span.end ?? undefined);
      for (const list of await listsOf(inside, reading, depth + 1, effort)) lists.push(list);
      if (span.root === "array") continue;
    }
    const isOwn = span.root === "object" && reading.isElement(span.names);
    if (isDoubtful && !isOwn) {
      for (const list of await damagedLists(text, span, reading, effort)) lists.push(list);
    }
    if (span.end === null) {
      if (span.root === "object") looseCut = true;
      continue;
    }
    if (!isOwn) for (const list of listsOfValue(span.value, reading, 0)) lists.push(list);
    if (isRecord(span.value)) loose.push(span.value);
  }
  // First, so that an array with the same number of valid elements is preferred.
  if (loose.length > 0) lists.unshift({ elements: loose, cut: looseCut });
  return lists;
}

/** Whether a malformed span is neither the array nor an element: then its inside is searched. */
function isBracketOfProse(text: string, span: Span, reading: ElementLayout): boolean {
  if (span.root === "object") return !reading.isElement(span.names);
  const first = /\S/.exec(text.slice(span.start + 1))?.[0];
  if (reading.element.root === "object") return first !== undefined && first !== "{";
  return reading.element.root === "other" && first === "[";
}

/** The arrays in a span that is malformed or does not end. */
async function damagedLists(
  text: string,
  span: Span,
  reading: ElementLayout,
  effort: Effort,
): Promise<readonly ListCandidate[]> {
  const recovered = await recoverElements(text.slice(span.start, span.end ?? undefined), span, effort);
  return recovered
    .filter((list) => list.name === null || reading.wrap === list.name || span.names.length <= 1)
    .map((list) => ({ elements: list.elements, cut: !list.closed }));
}

function listsOfValue(value: unknown, reading: ElementLayout, depth: number): readonly ListCandidate[] {
  if (Array.isArray(value)) return [{ elements: value, cut: false }];
  if (!isRecord(value) || depth > MAX_DEPTH || reading.isElement(Object.keys(value))) return [];
  const wrapped = reading.wrap === null ? undefined : value[reading.wrap];
  if (Array.isArray(wrapped)) return [{ elements: wrapped, cut: false }];
  const members = Object.values(value);
  if (members.length === 1) return listsOfValue(members[0], reading, depth + 1);
  return members.filter((member) => Array.isArray(member)).map((elements) => ({ elements, cut: false }));
}
