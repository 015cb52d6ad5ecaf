import { isRecord } from "../contract/json.ts";
import type { Writable } from "../contract/writable.ts";
import { type Span, strictSpan } from "./find-spans.ts";
import type { FoundList, JsonCursor } from "./json-cursor.ts";
import type { ElementReading } from "./read-elements.ts";
import { createValueReader, type SourceOf } from "./value-reader.ts";
import { hasWantedName } from "./wanted-shape.ts";

/** Reads the elements of an answer while it arrives. */
export interface ElementReader {
  write(text: string): void;
  /** The values of a text that have been read already, if it is exactly what was written: they need not be parsed again. */
  known(text: string): readonly Span[];
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
  const values: Span[] = [];
  /** Values that are elements themselves, and are not parsed yet. */
  let loose: Writable<Span>[] = [];
  let sources: string[] = [];
  let given = 0;
  /** Before the value that is being read. */
  let givenBefore = 0;
  /** Of that value: its elements, how many of its lists are passed, and up to where. */
  let elements: unknown[] = [];
  let passedLists = 0;
  let passedUntil = 0;

  function give(raw: unknown): void {
    // A reference of the prose, such as [1], is not an element of objects.
    if (element.root === "object" && !isRecord(raw)) return;
    given += 1;
    onElement(raw);
  }

  function parseLoose(): void {
    if (loose.length === 0) return;
    const waiting = loose;
    const raws = parseElements(sources.join(","));
    loose = [];
    sources = [];
    for (const [index, span] of waiting.entries()) {
      span.value = raws[index];
      onElement(span.value);
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
      if (list === undefined || list.end <= Math.max(passedUntil, list.start) || !isTheArray(list)) continue;
      parseLoose();
      for (const raw of parseElements(sourceOf(Math.max(passedUntil, list.start) + 1, list.end))) {
        elements.push(raw);
        give(raw);
      }
      passedUntil = list.end;
    }
    passedLists = Math.max(0, lists.length - 1);
  }

  function beginNext(): void {
    givenBefore = given;
    elements = [];
    passedLists = 0;
    passedUntil = 0;
  }

  const reader = createValueReader({
    onMore: takeMore,
    onEnd(cursor, sourceOf, start) {
      const { lists, names } = cursor;
      const end = start + cursor.end;
      const [list] = lists;
      if (isElement(names)) {
        const span: Writable<Span> = strictSpan(start, end, undefined, names);
        values.push(span);
        loose.push(span);
        sources.push(sourceOf(0, cursor.end));
        given += 1;
      } else if (list !== undefined && names.length <= 1) {
        const value = list.name === null ? elements : Object.fromEntries([[list.name, elements]]);
        values.push(strictSpan(start, end, value, names));
      }
      const isUseful = given > givenBefore;
      beginNext();
      return isUseful;
    },
    onFailure({ lists }) {
      beginNext();
      return given > 0 && lists.length > 0;
    },
  });

  return {
    write(text) {
      reader.write(text);
      parseLoose();
    },
    known: (text) => (values.length > 0 && reader.hasRead(text) ? values : []),
  };
}

/** Elements side by side. */
function parseElements(source: string): readonly unknown[] {
  return JSON.parse(`[${source}]`) as readonly unknown[];
}
