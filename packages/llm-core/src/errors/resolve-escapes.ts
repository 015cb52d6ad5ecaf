/**
 * Escapes as they stand in JSON (also within JSON, with any number of backslashes), in .NET's and Python's notation, in HTML and in
 * URLs.
 */
const ESCAPE =
  /(?<!\\)\\+(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|[nrtbfv0])|&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));|(?:%[0-9a-f]{2})+/gi;

/** Those of {@link ESCAPE} that stand for a line break, or another sign without meaning. */
const BREAKS = /(?<!\\)\\+[nrtbfv0]/gi;

/** How often what was escaped may have been escaped again. */
const MAX_DEPTH = 4;

const NAMES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
/** `&eacute;` is taken for its letter alone. */
const ACCENTED = /^([a-z])(?:acute|caron|cedil|circ|grave|ring|slash|tilde|uml)$/i;

const LAST_CODE_POINT = 0x10ffff;

/** A text whose escapes are resolved, and where each of its units stood in the original; `null`: where it stands now. */
export interface ResolvedText {
  readonly text: string;
  readonly places: { readonly starts: readonly number[]; readonly ends: readonly number[] } | null;
}

/** What an escape stands for, given the groups of {@link ESCAPE}. */
function resolveMatch(
  whole: string,
  unit?: string,
  point?: string,
  byte?: string,
  decimal?: string,
  hex?: string,
  name?: string,
): string {
  const code = unit ?? point ?? byte ?? hex;
  if (code !== undefined) return fromCode(Number.parseInt(code, 16));
  if (decimal !== undefined) return fromCode(Number(decimal));
  if (name !== undefined) return NAMES[name.toLowerCase()] ?? ACCENTED.exec(name)?.[1] ?? whole;
  if (whole.startsWith("%")) return fromPercents(whole);
  return "\n";
}

const fromCode = (code: number): string => (code <= LAST_CODE_POINT ? String.fromCodePoint(code) : " ");

function fromPercents(percents: string): string {
  const bytes = new Uint8Array(percents.length / 3);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(percents.slice(at * 3 + 1, at * 3 + 3), 16);
  return new TextDecoder().decode(bytes);
}

const mayHoldEscapes = (text: string): boolean => text.includes("\\") || text.includes("&") || text.includes("%");

/** A text with every escape resolved, and without where it stood. */
export function withoutEscapes(text: string): string {
  let resolved = text;
  for (let depth = 0; depth < MAX_DEPTH && mayHoldEscapes(resolved); depth += 1) {
    // The commonest escapes without a call for each.
    const next = resolved.replace(BREAKS, "\n").replace(ESCAPE, resolveMatch);
    if (next === resolved) break;
    resolved = next;
  }
  return resolved;
}

/** As {@link withoutEscapes}, with the place of each unit. For texts of some kilobytes. */
export function resolveEscapes(text: string): ResolvedText {
  let resolved: ResolvedText = { text, places: null };
  for (let depth = 0; depth < MAX_DEPTH && mayHoldEscapes(resolved.text); depth += 1) {
    const next = resolveOnce(resolved);
    if (next.text === resolved.text) break;
    resolved = next;
  }
  return resolved;
}

function resolveOnce(resolved: ResolvedText): ResolvedText {
  const { text } = resolved;
  const starts: number[] = [];
  const ends: number[] = [];
  let next = "";
  let at = 0;
  const keepUntil = (end: number): void => {
    next += text.slice(at, end);
    for (; at < end; at += 1) {
      starts.push(startOf(resolved, at));
      ends.push(endOf(resolved, at));
    }
  };
  for (const match of text.matchAll(ESCAPE)) {
    keepUntil(match.index);
    const [whole, unit, point, byte, decimal, hex, name] = match;
    const piece = resolveMatch(whole, unit, point, byte, decimal, hex, name);
    next += piece;
    for (let written = 0; written < piece.length; written += 1) {
      starts.push(startOf(resolved, at));
      ends.push(endOf(resolved, at + whole.length - 1));
    }
    at += whole.length;
  }
  keepUntil(text.length);
  return { text: next, places: { starts, ends } };
}

/** Where a unit of a resolved text began in the original. */
export function startOf({ places }: ResolvedText, unit: number): number {
  return places?.starts[unit] ?? unit;
}

/** Where it ended. */
export function endOf({ places }: ResolvedText, unit: number): number {
  return places?.ends[unit] ?? unit + 1;
}
