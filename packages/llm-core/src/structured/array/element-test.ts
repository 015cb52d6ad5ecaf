import { type ExpectedShape, hasExpectedName } from "../schema/expected-shape.ts";

/** The expected elements, and the name of the array that holds them, if it has one. */
interface ExpectedElements {
  readonly element: ExpectedShape;
  readonly wrap: string | null;
}

/**
 * Creates the test whether an object with these members is an element itself, so that arrays inside it belong to it. Remembers the latest
 * list of names, which the values of one answer usually share.
 */
export function createElementTest({ element, wrap }: ExpectedElements): (names: readonly string[]) => boolean {
  let latest: readonly string[] | null = null;
  let wasElement = false;
  return (names) => {
    if (names === latest) return wasElement;
    latest = names;
    wasElement =
      element.root !== "array" &&
      !(wrap !== null && names.includes(wrap)) &&
      (element.names === null ? names.length > 1 : hasExpectedName(names, element));
    return wasElement;
  };
}
