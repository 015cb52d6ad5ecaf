/** Runs shorter than this are too common to tell a quotation from a coincidence. */
const RUN = 24;
/** A whole source is known again from this length on. */
const WHOLE = 8;

/** An image or a file as it stands in a request. */
const DATA_URL = /data:[\w.+/-]*;base64,[A-Za-z0-9+/=]*/g;

/**
 * Replaces what a vendor's error text quotes from the request by `[prompt]`: a whole source of 8 or more characters, every run of 24
 * or more characters, starting at a word, that also stands in a source, and `data:` URLs. A quotation inside quoted JSON is known
 * again, too.
 *
 * @param sources - the texts of the request
 */
export function hidePrompt(text: string, sources: readonly string[]): string {
  let clean = text.replace(DATA_URL, "[prompt]");
  // Without a backslash nothing in it is escaped.
  const forms = text.includes("\\") ? sources.flatMap(formsOf) : sources;
  for (const form of forms) {
    const whole = form.trim();
    if (whole.length >= WHOLE && whole.length < RUN) clean = clean.replaceAll(whole, "[prompt]");
  }
  return clean.length < RUN || forms.length === 0 ? clean : hideRuns(clean, forms);
}

/** A source as it is, as it stands inside JSON, and inside the JSON of those who escape all but ASCII. */
function formsOf(source: string): readonly string[] {
  const inJson = JSON.stringify(source).slice(1, -1);
  const inAscii = inJson.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [...new Set([source, inJson, inAscii])];
}

function hideRuns(text: string, sources: readonly string[]): string {
  let clean = "";
  let at = 0;
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)) {
    const start = match.index;
    if (start < at) continue;
    const end = quotedUntil(text, start, sources);
    if (end === start) continue;
    clean += `${text.slice(at, start)}[prompt]`;
    at = end;
  }
  return clean + text.slice(at);
}

function quotedUntil(text: string, start: number, sources: readonly string[]): number {
  let longest = start;
  if (start + RUN > text.length) return longest;
  const run = text.slice(start, start + RUN);
  for (const source of sources) {
    const found = source.indexOf(run);
    if (found === -1) continue;
    let length = RUN;
    while (start + length < text.length && text[start + length] === source[found + length]) length += 1;
    longest = Math.max(longest, start + length);
  }
  return longest;
}
