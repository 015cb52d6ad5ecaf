import { findNumber, inexactNumbers } from "../run/inexact-numbers.ts";
import type { Check } from "./asked-schema.ts";

const ADVICE =
  "this whole number is beyond 2^53 and cannot be read exactly: give it as a string, where the schema takes one";

/**
 * Wraps a check so that it rejects values with a number that `JSON.parse` could not represent. A validator cannot detect this, because it
 * only gets the parsed value.
 *
 * @param text - the text that the value is parsed from
 */
export function exactCheck<T>(text: string, check: Check<T>): Check<T> {
  const inexact = inexactNumbers(text);
  if (inexact.size === 0) return check;
  return (value) => {
    const path = findNumber(value, inexact);
    return path === null ? check(value) : { ok: false, issues: [{ message: ADVICE, path }] };
  };
}
