import { isRecord } from "../json.ts";
import type { KnownValue } from "./find-spans.ts";
import type { FoundList, JsonCursor } from "./json-cursor.ts";
import type { ElementReading } from "./read-elements.ts";
import { createValueReader, type SourceOf } from "./value-reader.ts";
import { hasWantedName } from "./wanted-shape.ts";

/** Reads the elements of an answer while it arrives. */
export interface ElementReader {
  write(text: string): void;
  /** The values of a text that have been read already, if it is exactly what was written: they need not be parsed again. */
  known(text: string): readonly KnownValue[];
}

/** A value that was read whole, and which of all elements are its own. */
interface ReadValue {
  readonly start: number;
  readonly end: number;
  readonly list: FoundList | null;
  readonly first: number;
  readonly count: number;
}

/**
 * Gives each element of an array as soon as its own end is in the text, to be validated by the caller. Takes the first array there
 * is; what is sloppy, or comes later, is left to the reading of the whole answer. Elements that a piece brings together are parsed
 * together: the platform's parser needs half the time for them.
 */
export function createElementReader(
  { element, wrap }: Pick<ElementReading<unknown>, "element" | "wrap">,
  onElement: (raw: unknown) => void,
): ElementReader {
  const given: unknown[] = [];
  const values: ReadValue[] = [];
  /** JSON of elements that have come and are not parsed yet. */
  let sources: string[] = [];
  /** Of the value that is being read: how many elements were given before it, how many of its lists are passed, up to where. */
  let givenBefore = 0;
  let passedLists = 0;
  let passedUntil = 0;
  /** Elements that were left out. */
  let leftOut = false;

  function flush(): void {
    if (sources.length === 0) return;
    const raws = JSON.parse(`[${sources.join(",")}]`) as readonly unknown[];
    sources = [];
    for (const raw of raws) {
      // A reference of the prose, such as [1], is not an element of objects.
      if (element.root === "object" && !isRecord(raw)) {
        leftOut = true;
        continue;
      }
      given.push(raw);
      onElement(raw);
    }
  }

  const isElement = (names: readonly string[]): boolean =>
    element.root !== "array" &&
    !(wrap !== null && names.includes(wrap)) &&
    (element.names === null ? names.length > 1 : hasWantedName(names, element));
  const isTheArray = ({ name, isFirst }: FoundList): boolean =>
    name === null || name === wrap || (isFirst && !isElement([name]));

  /** Takes the elements that are complete and have not been taken. */
  function takeMore({ lists }: JsonCursor, sourceOf: SourceOf): void {
    for (let index = passedLists; index < lists.length; index += 1) {
      const list = lists[index];
      if (list === undefined || !isTheArray(list)) continue;
      const from = Math.max(passedUntil, list.start) + 1;
      if (list.end > from) {
        sources.push(sourceOf(from, list.end));
        passedUntil = list.end;
      }
    }
    passedLists = Math.max(0, lists.length - 1);
  }

  function beginNext(): void {
    passedLists = 0;
    passedUntil = 0;
    leftOut = false;
  }

  const reader = createValueReader({
    onMore: takeMore,
    onEnd(cursor, sourceOf, start) {
      const { end, lists, names } = cursor;
      const [list = null] = lists;
      if (list !== null) flush();
      const first = given.length + sources.length;
      if (isElement(names)) {
        sources.push(sourceOf(0, end));
        values.push({ start, end, list: null, first, count: 1 });
      } else if (list !== null && names.length <= 1 && !leftOut) {
        values.push({ start, end, list, first: givenBefore, count: first - givenBefore });
      }
      beginNext();
      const count = given.length + sources.length;
      const isUseful = count > givenBefore;
      givenBefore = count;
      return isUseful;
    },
    onFailure({ lists }) {
      flush();
      beginNext();
      return given.length > 0 && lists.length > 0;
    },
  });

  return {
    write(text) {
      reader.write(text);
      flush();
    },
    known(text) {
      if (values.length === 0 || !reader.hasRead(text)) return [];
      return values.map(({ start, end, list, first, count }) => {
        if (list === null) return { start, end, value: given[first] };
        const elements = given.slice(first, first + count);
        return { start, end, value: list.name === null ? elements : Object.fromEntries([[list.name, elements]]) };
      });
    },
  };
}
