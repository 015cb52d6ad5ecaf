/** A parsed report. */
export interface Article {
  readonly headline: string;
  readonly body: string;
}

/** The maximum length of a headline. */
const MAX_HEADLINE = 140;

/**
 * Splits a report into headline and body. The first line is the headline, without the markup that models add; if
 * the first line is a whole paragraph, its first sentence is the headline.
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
