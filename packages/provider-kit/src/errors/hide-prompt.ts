import { BREAK, findRuns, markRuns, replaceMarked, type Skeleton, skeletonOf, toSkeleton } from "@babylon/llm-core";

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
  const skeleton = toSkeleton(plain);
  const wholes = sources.map(skeletonOf).filter((whole) => whole !== "");
  const marks = new Uint8Array(skeleton.text.length);
  markRuns(skeleton.text, wholes, RUN, marks);
  roundToWords(skeleton, marks);
  markShortQuotes(skeleton, wholes, marks);
  markShortSources(skeleton, wholes, marks);
  return replaceMarked(plain, skeleton, marks, PROMPT);
}

/** Stretches of a skeleton between breaks of at least this strength. */
function* stretches({ breaks }: Skeleton, strength: number): Generator<readonly [from: number, to: number]> {
  let from = 0;
  for (let at = 1; at < breaks.length; at += 1) {
    if ((breaks[at] ?? 0) < strength) continue;
    yield [from, at];
    from = at;
  }
}

/** A word that is half in a quotation is in it; the letter or two that it shares with what follows there are not. */
function roundToWords(skeleton: Skeleton, marks: Uint8Array): void {
  for (const [from, to] of stretches(skeleton, BREAK.word)) {
    const marked = marks.subarray(from, to).reduce((sum, mark) => sum + mark, 0);
    if (marked === 0 || marked >= RUN) continue;
    marks.fill(marked * 2 >= to - from ? 1 : 0, from, to);
  }
}

function markShortQuotes(skeleton: Skeleton, wholes: readonly string[], marks: Uint8Array): void {
  const { text, breaks } = skeleton;
  const places: (readonly [from: number, to: number])[] = [];
  for (const [from, to] of stretches(skeleton, BREAK.phrase)) {
    const isQuote = breaks[from] === BREAK.phrase && to - from >= SHORTEST_QUOTE && to - from < RUN;
    if (isQuote && !FIELDS.has(text.slice(from, to))) places.push([from, to]);
  }
  for (const [from, to] of stretches(skeleton, BREAK.token)) {
    if (to - from >= SHORTEST_CODE && to - from < RUN && /\d/.test(text.slice(from, to))) {
      places.push([from, to]);
    }
  }
  const found = findRuns(new Set(places.map(([from, to]) => text.slice(from, to))), wholes);
  for (const [from, to] of places) if (found.has(text.slice(from, to))) marks.fill(1, from, to);
}

function markShortSources({ text, breaks }: Skeleton, wholes: readonly string[], marks: Uint8Array): void {
  const short = new Set(wholes.filter(({ length }) => length >= SHORTEST_SOURCE && length < RUN));
  for (const whole of short) {
    for (let at = text.indexOf(whole); at !== -1; at = text.indexOf(whole, at + 1)) {
      const end = at + whole.length;
      if (breaks[at] !== BREAK.none && breaks[end] !== BREAK.none) marks.fill(1, at, end);
    }
  }
}
