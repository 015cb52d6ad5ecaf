import type { SchemaIssue } from "../../errors/error-details.ts";
import type { PartCollection } from "./array-part.ts";

/** The issue of an answer without an array. */
export const NO_ARRAY: SchemaIssue = { message: "there is no JSON array in the answer", path: [] };

/** The instruction which elements to give; empty if the caller's prompt is enough. Lines with a colon are easy to find for programs. */
export function taskFor<T>(collection: PartCollection<T>, again: boolean): string {
  const { part } = collection;
  const size = collection.size();
  if (part.ids !== null) {
    const ids = JSON.stringify(collection.missingIds());
    return `Give exactly one element for each of these ids, in this order, and no others.\nExpected ids: ${ids}`;
  }
  const missing = collection.missingCount();
  if (missing === null) {
    if (again) return "Give the elements that are wrong again, corrected, and none of the others.";
    return size === 0 ? "" : "These elements are complete. Give the elements that follow them, and none of them again.";
  }
  if (size > 0) {
    return `These ${size} elements are complete. Give exactly ${missing} more, other than these.\nExpected count: ${missing}`;
  }
  const place =
    part.total === 1
      ? ""
      : ` They are number ${part.offset + 1} to ${part.offset + missing} of a longer list; the others are requested separately.`;
  return `Give exactly ${missing} elements.${place}\nExpected count: ${missing}`;
}

/** The missing elements of a part, as issues. */
export function missingIssues<T>(collection: PartCollection<T>): readonly SchemaIssue[] {
  const ids = collection.missingIds();
  if (ids.length > 0) return [{ message: `no valid element for ${JSON.stringify(ids)}`, path: [] }];
  const count = collection.missingCount();
  return count === null || count === 0 ? [] : [{ message: `${count} valid elements are missing`, path: [] }];
}
