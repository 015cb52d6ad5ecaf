import {
  BOUNDARY,
  findSubstrings,
  markCommonSubstrings,
  type NormalizedText,
  normalizeText,
  normalizeWithOffsets,
  replaceMarked,
} from "@babylon/llm-core";

const PROMPT = "[prompt]";

/** So many letters and digits in a row are not there by chance. */
const RUN = 10;
/** Fewer, where they are shown as a quotation: between quotes, in brackets, behind a colon. */
const SHORTEST_QUOTE = 4;
/** Fewer, where a digit is among them: codes, passwords, numbers of things. */
const SHORTEST_CODE = 5;
/** Fewer, where they are all that a source says. */
const SHORTEST_SOURCE = 6;

/** An image or a file as it stands in a request. */
const DATA_URL = /data:[\w.+/-]*;base64,[A-Za-z0-9+/=]*/g;

/** Names of what a request is made of, which a vendor may put between quotes whatever the prompt says. */
const FIELDS: ReadonlySet<string> = new Set(
  "ASSISTANT CONTENT FUNCTION INPUT MESSAGE MESSAGES MODEL NAME NULL PROMPT ROLE SCHEMA STOP STREAM STRING SYSTEM TEMPERATURE TEXT TOOL TOOLS TRUE FALSE TYPE USER".split(
    " ",
  ),
);

/**
 * Replaces what a vendor's error text quotes from the request by `[prompt]`, and `data:` URLs. A quotation is known again by its letters
 * and digits, whatever the case, the blanks and the escapes (JSON, also within JSON, .NET, HTML, URL): ten in a row, in whole words;
 * fewer between quotes, with a digit, or where they are a whole source. Takes time linear in all texts.
 *
 * @param text - some kilobytes at the most
 * @param sources - the texts of the request
 */
export function hidePrompt(text: string, sources: readonly string[]): string {
  const plain = text.replace(DATA_URL, PROMPT);
  if (sources.length === 0) return plain;
  const normalized = normalizeWithOffsets(plain);
  const wholes = sources.map(normalizeText).filter((whole) => whole !== "");
  const marks = new Uint8Array(normalized.text.length);
  markCommonSubstrings(normalized.text, wholes, RUN, marks);
  roundToWords(normalized, marks);
  markShortQuotes(normalized, wholes, marks);
  markShortSources(normalized, wholes, marks);
  return replaceMarked(plain, normalized, marks, PROMPT);
}

/** Ranges of a normalized text between boundaries of at least this strength. */
function* stretches({ boundaries }: NormalizedText, strength: number): Generator<readonly [from: number, to: number]> {
  let from = 0;
  for (let at = 1; at < boundaries.length; at += 1) {
    if ((boundaries[at] ?? 0) < strength) continue;
    yield [from, at];
    from = at;
  }
}

/** A word that is half in a quotation is in it; the letter or two that it shares with what follows there are not. */
function roundToWords(normalized: NormalizedText, marks: Uint8Array): void {
  for (const [from, to] of stretches(normalized, BOUNDARY.word)) {
    const marked = marks.subarray(from, to).reduce((sum, mark) => sum + mark, 0);
    if (marked === 0 || marked >= RUN) continue;
    marks.fill(marked * 2 >= to - from ? 1 : 0, from, to);
  }
}

function markShortQuotes(normalized: NormalizedText, wholes: readonly string[], marks: Uint8Array): void {
  const { text, boundaries } = normalized;
  const places: (readonly [from: number, to: number])[] = [];
  for (const [from, to] of stretches(normalized, BOUNDARY.phrase)) {
    const isQuote = boundaries[from] === BOUNDARY.phrase && to - from >= SHORTEST_QUOTE && to - from < RUN;
    if (isQuote && !FIELDS.has(text.slice(from, to))) places.push([from, to]);
  }
  for (const [from, to] of stretches(normalized, BOUNDARY.token)) {
    if (to - from >= SHORTEST_CODE && to - from < RUN && /\d/.test(text.slice(from, to))) {
      places.push([from, to]);
    }
  }
  const found = findSubstrings(new Set(places.map(([from, to]) => text.slice(from, to))), wholes);
  for (const [from, to] of places) if (found.has(text.slice(from, to))) marks.fill(1, from, to);
}

function markShortSources({ text, boundaries }: NormalizedText, wholes: readonly string[], marks: Uint8Array): void {
  const short = new Set(wholes.filter(({ length }) => length >= SHORTEST_SOURCE && length < RUN));
  for (const whole of short) {
    for (let at = text.indexOf(whole); at !== -1; at = text.indexOf(whole, at + 1)) {
      const end = at + whole.length;
      if (boundaries[at] !== BOUNDARY.none && boundaries[end] !== BOUNDARY.none) marks.fill(1, at, end);
    }
  }
}
