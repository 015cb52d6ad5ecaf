import { findNumber } from "../../run/inexact-numbers.ts";
import type { Checked } from "../schema/requested-schema.ts";

const MESSAGE =
  "this whole number is beyond 2^53 and cannot be read exactly: give it as a string, if the schema allows one";

/**
 * Rejects a parsed value with a number that `JSON.parse` could not represent; `null` if there is none. A validator cannot detect this,
 * because it only gets the parsed value.
 *
 * @param inexact - the inexact numbers of the text that the value was parsed from
 */
export function inexactNumberIn(value: unknown, inexact: ReadonlySet<number>): Checked<never> | null {
  const path = findNumber(value, inexact);
  return path === null ? null : { ok: false, issues: [{ message: MESSAGE, path }] };
}
