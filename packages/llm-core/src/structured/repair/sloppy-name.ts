/** The name of the first member of an object, in any quotes or none. */
export interface SloppyName {
  readonly name: string;
  /** Position after the colon. */
  readonly end: number;
}

// Three patterns without common characters, to avoid backtracking.
const BEGINNING = /\{\s*["'\u201c]?/y;
const NAME = /[\w$ .-]+/y;
const ENDING = /["'\u201d]?\s*:/y;

/** Reads the name after the brace at `start`; `null`: there is none. */
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
