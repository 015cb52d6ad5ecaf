import { isRecord } from "../../contract/json.ts";
import { type Span, strictSpan } from "../json/find-spans.ts";
import type { JsonCursor } from "../json/json-cursor.ts";
import type { FoundList } from "../json/root-members.ts";
import { createValueReader, type SourceOf } from "../json/value-reader.ts";
import { createElementTest } from "./element-test.ts";
import type { ElementReading } from "./read-elements.ts";

/** Reads the elements of an answer while it arrives. */
export interface ElementReader {
  write(text: string): void;
  /** The values already parsed, if `text` is exactly what was written; else empty. */
  known(text: string): readonly Span[];
  /** All elements, if `text` is exactly what was written, and consists of elements and white space; else `null`. */
  onlyElements(text: string): readonly unknown[] | null;
}

/**
 * Emits each element of an array as soon as it is complete in the text, not validated. Reads only the first array, and only strict JSON;
 * the rest is read with the complete answer. Elements that arrive together are parsed together, which halves the time of `JSON.parse`.
 */
export function createElementReader(
  { element, wrap }: Pick<ElementReading<unknown>, "element" | "wrap">,
  onElement: (raw: unknown) => void,
): ElementReader {
  // The complete top-level values. Lists of numbers instead of an object for each value: an answer of a megabyte may have 100,000.
  const starts: number[] = [];
  const ends: number[] = [];
  const values: unknown[] = [];
  const namesOf: (readonly string[])[] = [];
  /** Whether any value is not an element, or was not JSON. */
  let hasOthers = false;
  /** The values from this index on are elements that are not parsed yet, with these sources. */
  let parsedUntil = 0;
  let sources: string[] = [];
  let emitted = 0;
  /** Value of `emitted` before the current value. */
  let emittedBefore = 0;
  /** Of the current value: its elements, the number of finished lists, and the position up to which elements were emitted. */
  let elements: unknown[] = [];
  let passedLists = 0;
  let passedUntil = 0;

  function emit(raw: unknown): void {
    // A reference in prose, such as [1], is not an element if elements are objects.
    if (element.root === "object" && !isRecord(raw)) return;
    emitted += 1;
    onElement(raw);
  }

  function parseLoose(): void {
    if (sources.length === 0) return;
    const raws = parseElements(sources.join(","));
    sources = [];
    for (const raw of raws) {
      values[parsedUntil] = raw;
      parsedUntil += 1;
      onElement(raw);
    }
  }

  function addValue(start: number, end: number, value: unknown, names: readonly string[]): void {
    starts.push(start);
    ends.push(end);
    values.push(value);
    namesOf.push(names);
  }

  const isElement = createElementTest({ element, wrap });
  const isTheArray = ({ name, isFirst }: FoundList): boolean =>
    name === null || name === wrap || (isFirst && !isElement([name]));

  /** Emits the elements that are complete and not emitted yet. */
  function emitCompleted({ lists }: JsonCursor, sourceOf: SourceOf): void {
    for (let index = passedLists; index < lists.length; index += 1) {
      const list = lists[index];
      if (list === undefined || list.end <= Math.max(passedUntil, list.start) || !isTheArray(list)) continue;
      parseLoose();
      for (const raw of parseElements(sourceOf(Math.max(passedUntil, list.start) + 1, list.end))) {
        elements.push(raw);
        emit(raw);
      }
      passedUntil = list.end;
    }
    passedLists = Math.max(0, lists.length - 1);
  }

  function beginNext(): void {
    emittedBefore = emitted;
    elements = [];
    passedLists = 0;
    passedUntil = 0;
  }

  const reader = createValueReader({
    onMore: emitCompleted,
    onEnd(cursor, sourceOf, start) {
      const { lists, names } = cursor;
      const end = start + cursor.end;
      const [list] = lists;
      if (isElement(names)) {
        addValue(start, end, undefined, names);
        sources.push(sourceOf(0, cursor.end));
        emitted += 1;
      } else {
        hasOthers = true;
        if (list !== undefined && names.length <= 1) {
          parseLoose();
          addValue(start, end, list.name === null ? elements : Object.fromEntries([[list.name, elements]]), names);
          parsedUntil = values.length;
        }
      }
      const isUseful = emitted > emittedBefore;
      beginNext();
      return isUseful;
    },
    onFailure({ lists }) {
      hasOthers = true;
      beginNext();
      return emitted > 0 && lists.length > 0;
    },
  });

  return {
    write(text) {
      reader.write(text);
      parseLoose();
    },
    known(text) {
      if (values.length === 0 || !reader.hasRead(text)) return [];
      return values.map((value, at) => strictSpan(starts[at] ?? 0, ends[at] ?? 0, value, namesOf[at] ?? []));
    },
    onlyElements(text) {
      if (hasOthers || values.length === 0 || !reader.hasRead(text)) return null;
      const isAll = starts.every((start, at) => isBlank(text, ends[at - 1] ?? 0, start));
      return isAll && isBlank(text, ends.at(-1) ?? 0, text.length) ? values : null;
    },
  };
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) > 0x20) return false;
  return true;
}

/** Parses elements separated by commas. */
function parseElements(source: string): readonly unknown[] {
  return JSON.parse(`[${source}]`) as readonly unknown[];
}
