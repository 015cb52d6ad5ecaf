import { invalid } from "./invalid.ts";

const MAX_LENGTH = 500;

// Keys of Redis and Postgres cannot hold all of these, and logs should not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x1f\x7f]/;

/** Throws `invalid` unless a name is a non-empty text of at most 500 characters without control characters. */
export function checkName(at: string, name: unknown): void {
  if (typeof name !== "string" || name === "") throw invalid(at, "expected a text");
  if (name.length > MAX_LENGTH) throw invalid(at, `expected at most ${MAX_LENGTH} characters`);
  if (CONTROL.test(name)) throw invalid(at, "expected no control characters");
  if (!name.isWellFormed()) throw invalid(at, "expected well-formed Unicode");
}
