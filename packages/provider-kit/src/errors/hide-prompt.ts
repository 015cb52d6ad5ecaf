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

/** Minimum run of matching letters and digits that counts as a quotation. */
const RUN = 10;
/** Minimum length in quotes, in brackets or after a colon. */
const SHORTEST_QUOTE = 4;
/** Minimum length of words with a digit: codes, passwords, numbers. */
const SHORTEST_CODE = 5;
/** Minimum length of a complete source. */
const SHORTEST_SOURCE = 6;

/** Matches an image or a file in a request. */
const DATA_URL = /data:[\w.+/-]*;base64,[A-Za-z0-9+/=]*/g;

/** Terms of the protocol, which vendors quote independently of the prompt. */
const FIELDS: ReadonlySet<string> = new Set(
  "ASSISTANT CONTENT FUNCTION INPUT MESSAGE MESSAGES MODEL NAME NULL PROMPT ROLE SCHEMA STOP STREAM STRING SYSTEM TEMPERATURE TEXT TOOL TOOLS TRUE FALSE TYPE USER".split(
    " ",
  ),
);

/**
 * Replaces quotations of the request, and `data:` URLs, in a vendor's error text with `[prompt]`. Only letters and digits are compared,
 * regardless of case, white space and escapes (JSON, nested JSON, .NET, HTML, URL). A quotation has at least ten of them, in complete words;
 * fewer in quotes, with a digit, or if they are a complete source. Runs in linear time.
 *
 * @param text - at most a few kilobytes
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

/** Extends a match to a word that it covers by half or more, and removes it from a word that it covers by less. */
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
