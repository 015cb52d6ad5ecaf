import type { JsonCursor } from "./json-cursor.ts";
import type { KeptText } from "./kept-text.ts";
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

  function give(text: KeptText, start: number, end: number): void {
    const source = text.slice(start, end);
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
    onValue({ path, start, end }, cursor, text) {
      const list = cursor.lists.at(-1);
      if (list === undefined || typeof path.at(-1) !== "number") return;
      const isInList = list.name === null ? path.length === 1 : path.length === 2 && path[0] === list.name;
      if (isInList && isTheArray(list.name, cursor)) give(text, start, end);
    },
    onEnd(cursor, text) {
      if (isElement(cursor.names)) give(text, 0, cursor.end);
    },
    onFailure: (cursor) => given > 0 && cursor.lists.length > 0,
  });
}
