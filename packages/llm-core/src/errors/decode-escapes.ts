/**
 * Escape sequences of JSON (also of JSON nested in JSON, with any number of backslashes), of .NET and Python, of HTML and of URLs.
 */
const ESCAPE =
  /(?<!\\)\\+(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|[nrtbfv0])|&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));|(?:%[0-9a-f]{2})+/gi;

/** The sequences of {@link ESCAPE} that encode a line break or another control character. */
const CONTROL_ESCAPE = /(?<!\\)\\+[nrtbfv0]/gi;

/** Maximum levels of nested escaping that are decoded. */
const MAX_DEPTH = 4;

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
/** `&eacute;` is decoded to its base letter, `e`. */
const ACCENTED_ENTITY = /^([a-z])(?:acute|caron|cedil|circ|grave|ring|slash|tilde|uml)$/i;

const MAX_CODE_POINT = 0x10ffff;

/** A text with its escapes decoded, and the offsets of each code unit in the original. `null`: the offsets are the same as in the original. */
export interface DecodedText {
  readonly text: string;
  readonly offsets: { readonly starts: readonly number[]; readonly ends: readonly number[] } | null;
}

/** The characters of one escape sequence, given the groups of {@link ESCAPE}. */
function decodeMatch(
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
  if (name !== undefined) return NAMED_ENTITIES[name.toLowerCase()] ?? ACCENTED_ENTITY.exec(name)?.[1] ?? whole;
  if (whole.startsWith("%")) return fromPercentEncoding(whole);
  return "\n";
}

const fromCode = (code: number): string => (code <= MAX_CODE_POINT ? String.fromCodePoint(code) : " ");

function fromPercentEncoding(encoded: string): string {
  const bytes = new Uint8Array(encoded.length / 3);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(encoded.slice(at * 3 + 1, at * 3 + 3), 16);
  return new TextDecoder().decode(bytes);
}

const mayHoldEscapes = (text: string): boolean => text.includes("\\") || text.includes("&") || text.includes("%");

/** Decodes every escape of a text. */
export function decodeEscapes(text: string): string {
  let decoded = text;
  for (let depth = 0; depth < MAX_DEPTH && mayHoldEscapes(decoded); depth += 1) {
    // The most common escapes first: a constant replacement needs no function call for each.
    const next = decoded.replace(CONTROL_ESCAPE, "\n").replace(ESCAPE, decodeMatch);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

/** As {@link decodeEscapes}, with the offset of each code unit. For texts of a few kilobytes. */
export function decodeEscapesWithOffsets(text: string): DecodedText {
  let decoded: DecodedText = { text, offsets: null };
  for (let depth = 0; depth < MAX_DEPTH && mayHoldEscapes(decoded.text); depth += 1) {
    const next = decodeOnce(decoded);
    if (next.text === decoded.text) break;
    decoded = next;
  }
  return decoded;
}

function decodeOnce(source: DecodedText): DecodedText {
  const { text } = source;
  const starts: number[] = [];
  const ends: number[] = [];
  let next = "";
  let at = 0;
  const copyUntil = (end: number): void => {
    next += text.slice(at, end);
    for (; at < end; at += 1) {
      starts.push(startOffset(source, at));
      ends.push(endOffset(source, at));
    }
  };
  for (const match of text.matchAll(ESCAPE)) {
    copyUntil(match.index);
    const [whole, unit, point, byte, decimal, hex, name] = match;
    const characters = decodeMatch(whole, unit, point, byte, decimal, hex, name);
    next += characters;
    for (let written = 0; written < characters.length; written += 1) {
      starts.push(startOffset(source, at));
      ends.push(endOffset(source, at + whole.length - 1));
    }
    at += whole.length;
  }
  copyUntil(text.length);
  return { text: next, offsets: { starts, ends } };
}

/** The offset in the original where a code unit of a decoded text starts. */
export function startOffset({ offsets }: DecodedText, unit: number): number {
  return offsets?.starts[unit] ?? unit;
}

/** The offset in the original where a code unit of a decoded text ends, exclusive. */
export function endOffset({ offsets }: DecodedText, unit: number): number {
  return offsets?.ends[unit] ?? unit + 1;
}
