import { decodeEscapesWithOffsets, endOffset, startOffset } from "./decode-escapes.ts";
import { markCommonSubstrings } from "./find-substrings.ts";
import {
  BOUNDARY,
  type NormalizedText,
  normalizeText,
  normalizeWithOffsets,
  replaceMarked,
} from "./normalized-text.ts";

const REDACTED = "[redacted]";

/**
 * A JSON Web Token. A match without the second group is not a token: it is consumed and kept, since otherwise `eyJ-eyJ-…` would be
 * matched again from each `eyJ`, in quadratic time.
 */
const WEB_TOKEN = /()\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?(?:\.[A-Za-z0-9_-]*)?/g;

/**
 * Patterns of keys; the first group is kept: vendor prefixes, web tokens, bearer values, assignments of secrets, credentials inside
 * URLs, long hexadecimal strings. Broad on purpose: a false positive in a log line costs less than a leaked key.
 */
const SECRETS: readonly RegExp[] = [
  /()\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key|tok)[-_]|wandb_)[A-Za-z0-9_-]{8,}/gi,
  WEB_TOKEN,
  /(\b(?:bearer|basic)\s+)[^\s"',;]+/gi,
  // Not "apiKey: expected …" and "export …_API_KEY=your_key_here" of our own messages: they hold no key.
  /((?:api[-_]?key|x-api-key|authorization|access[-_]?token|token|secret|password)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?!expected |your_key_here\b)[^\s"'\\,;&}]+/gi,
  /([?&]key=)[^\s"'&#]+/gi,
  /(\bkey provided:\s*)[^\s"',;]+/gi,
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"']*(?=@)/gi,
  /()\b[A-Fa-f0-9]{32,}\b/g,
];

/** Any substring of a known key of so many letters and digits is redacted; a shorter key only as a whole, at the start of a word. */
const KEY_PART_LENGTH = 8;
/** Shorter secrets are not searched for: they occur in ordinary text. */
const MIN_KEY_LENGTH = 4;

/**
 * Replaces keys by `[redacted]` in a text that is shown or logged, also where they are escaped (JSON, nested JSON, .NET, HTML, URL), in
 * another case, interrupted by white space, or truncated.
 *
 * @param text - any text, such as a vendor's error message
 * @param known - keys in use; each occurrence is redacted, whether or not it matches a known pattern of keys
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const secret of known) {
    if (secret.length >= MIN_KEY_LENGTH) clean = clean.replaceAll(secret, REDACTED);
  }
  if (known.length > 0) clean = redactKnown(clean, known);
  for (const pattern of SECRETS) {
    clean = clean.replace(pattern, (match: string, before: string, second?: unknown) =>
      pattern === WEB_TOKEN && second === undefined ? match : before + REDACTED,
    );
  }
  return redactEscaped(clean);
}

function redactKnown(text: string, known: readonly string[]): string {
  const normalized = normalizeWithOffsets(text);
  return replaceMarked(text, normalized, markSecrets(normalized, known), REDACTED);
}

function markSecrets(normalized: NormalizedText, known: readonly string[]): Uint8Array {
  const marks = new Uint8Array(normalized.text.length);
  const keys = known.map(normalizeText);
  const long = keys.filter((key) => key.length >= KEY_PART_LENGTH);
  markCommonSubstrings(normalized.text, long, KEY_PART_LENGTH, marks);
  for (const key of keys) {
    if (key.length < MIN_KEY_LENGTH || key.length >= KEY_PART_LENGTH) continue;
    for (let at = normalized.text.indexOf(key); at !== -1; at = normalized.text.indexOf(key, at + key.length)) {
      if (normalized.boundaries[at] !== BOUNDARY.none) marks.fill(1, at, at + key.length);
    }
  }
  return marks;
}

/** Redacts patterns of keys that match only after the escapes of a text are decoded. */
function redactEscaped(text: string): string {
  const decoded = decodeEscapesWithOffsets(text);
  if (decoded.offsets === null) return text;
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const pattern of SECRETS) {
    for (const match of decoded.text.matchAll(pattern)) {
      if (pattern === WEB_TOKEN && match[2] === undefined) continue;
      const from = match.index + (match[1]?.length ?? 0);
      const to = match.index + match[0].length;
      if (from === to || decoded.text.slice(from, to) === REDACTED) continue;
      ranges.push([startOffset(decoded, from), endOffset(decoded, to - 1)]);
    }
  }
  ranges.sort(([a], [b]) => a - b);
  let clean = "";
  let at = 0;
  for (const [from, to] of ranges) {
    if (from >= at) clean += text.slice(at, from) + REDACTED;
    at = Math.max(at, to);
  }
  return clean + text.slice(at);
}
