/** A report, taken apart. */
export interface Article {
  readonly headline: string;
  readonly body: string;
}

/** Longest headline that is taken as one. */
const MAX_HEADLINE = 140;

/**
 * Takes a report apart into headline and body. The first line is the headline, without the marks models like to put around it; where
 * the first line is a whole paragraph, its first sentence is.
 */
export function parseArticle(text: string): Article {
  const [first = "", ...rest] = text.trim().split("\n");
  const headline = plain(first);
  const body = rest.join("\n").trim();
  if (headline.length <= MAX_HEADLINE && body !== "") return { headline, body };
  const sentence = /^.+?[.!?](?=\s|$)/.exec(headline)?.[0] ?? headline;
  return { headline: shorten(sentence), body: text.trim() };
}

const plain = (line: string): string =>
  line
    .replace(/^[#*\s]+|[*\s]+$/g, "")
    .replace(/^(?:headline|title)\s*:\s*/i, "")
    .replace(/^["“](.*)["”]$/, "$1")
    .trim();

const shorten = (line: string): string => (line.length <= MAX_HEADLINE ? line : `${line.slice(0, MAX_HEADLINE - 1)}…`);
