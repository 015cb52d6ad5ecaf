import { invalid } from "./invalid.ts";

const MAX_LENGTH = 500;

// Keys of Redis and Postgres cannot hold all of these, and logs should not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x1f\x7f]/;

/** What is wrong with a name, which is a non-empty text of at most 500 characters without control characters; `null`: nothing. */
export function nameProblem(name: unknown): string | null {
  if (typeof name !== "string" || name === "") return "expected a text";
  if (name.length > MAX_LENGTH) return `expected at most ${MAX_LENGTH} characters`;
  if (CONTROL.test(name)) return "expected no control characters";
  return name.isWellFormed() ? null : "expected well-formed Unicode";
}

/** Throws `invalid` if a name has a problem. */
export function checkName(at: string, name: unknown): void {
  const problem = nameProblem(name);
  if (problem !== null) throw invalid(at, problem);
}
