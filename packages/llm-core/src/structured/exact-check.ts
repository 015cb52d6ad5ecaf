import { findNumber, inexactNumbers } from "../run/inexact-numbers.ts";
import type { Check } from "./asked-schema.ts";

const ADVICE =
  "this whole number is beyond 2^53 and cannot be read exactly: give it as a string, where the schema takes one";

/**
 * Refuses values that are not what the text says because a number in it is beyond 2^53: nothing that validates a value after it was
 * read can know that.
 *
 * @param text - the value was read from it
 */
export function exactCheck<T>(text: string, check: Check<T>): Check<T> {
  const inexact = inexactNumbers(text);
  if (inexact.size === 0) return check;
  return (value) => {
    const path = findNumber(value, inexact);
    return path === null ? check(value) : { ok: false, issues: [{ message: ADVICE, path }] };
  };
}
