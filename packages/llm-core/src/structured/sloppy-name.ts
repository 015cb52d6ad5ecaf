/** The name of an object's first member, however it is quoted. */
export interface SloppyName {
  readonly name: string;
  /** Behind the colon. */
  readonly end: number;
}

// Three patterns that cannot share a character, so that none of them is tried in several ways.
const BEGINNING = /\{\s*["'\u201c]?/y;
const NAME = /[\w$ .-]+/y;
const ENDING = /["'\u201d]?\s*:/y;

/** Reads the name behind the brace at `start`; `null` where none stands. */
export function sloppyNameAt(text: string, start: number): SloppyName | null {
  const beginning = matchAt(BEGINNING, text, start);
  const name = beginning === null ? null : matchAt(NAME, text, start + beginning.length);
  if (beginning === null || name === null) return null;
  const nameEnd = start + beginning.length + name.length;
  const ending = matchAt(ENDING, text, nameEnd);
  if (ending === null) return null;
  return { name: ending.startsWith(":") ? name.trimEnd() : name, end: nameEnd + ending.length };
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
