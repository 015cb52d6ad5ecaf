import type { JsonCursor } from "./json-cursor.ts";
import type { ElementReading } from "./read-elements.ts";
import { createValueReader, type ValueReader } from "./value-reader.ts";
import { hasWantedName } from "./wanted-shape.ts";

/**
 * Gives the JSON of each element of an array as soon as its own end is in the text, to be parsed and validated by the caller. Takes
 * the first array there is; what is sloppy, or comes later, is left to the reading of the whole answer.
 */
export function createElementReader(
  { element, wrap }: Pick<ElementReading<unknown>, "element" | "wrap">,
  onElement: (source: string) => void,
): ValueReader {
  let given = 0;
  /** Before the value that is being read. */
  let givenBefore = 0;

  function give(source: string): void {
    // A reference of the prose, such as [1], is not an element of objects.
    if (element.root === "object" && !source.startsWith("{")) return;
    given += 1;
    onElement(source);
  }
  const isElement = (names: readonly string[]): boolean =>
    element.root !== "array" &&
    !(wrap !== null && names.includes(wrap)) &&
    (element.names === null ? names.length > 1 : hasWantedName(names, element));
  const isTheArray = (name: string | null, { names }: JsonCursor): boolean =>
    name === null || name === wrap || (names.length === 1 && !isElement(names));

  return createValueReader(2, {
    onValue({ key, within, start, end }, cursor, sourceOf) {
      const list = cursor.lists.at(-1);
      if (list === undefined || typeof key !== "number" || within !== list.name) return;
      if (isTheArray(list.name, cursor)) give(sourceOf(start, end));
    },
    onEnd(cursor, sourceOf) {
      if (isElement(cursor.names)) give(sourceOf(0, cursor.end));
      const isUseful = given > givenBefore;
      givenBefore = given;
      return isUseful;
    },
    onFailure: (cursor) => given > 0 && cursor.lists.length > 0,
  });
}
