import { markRuns } from "./find-runs.ts";
import { endOf, resolveEscapes, startOf } from "./resolve-escapes.ts";
import { BREAK, replaceMarked, type Skeleton, skeletonOf, toSkeleton } from "./skeleton.ts";

const REDACTED = "[redacted]";

/** Without its second part it is not one; it is passed over as a whole, or `eyJ-eyJ-…` would be tried at each of its beginnings. */
const WEB_TOKEN = /()\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?(?:\.[A-Za-z0-9_-]*)?/g;

/**
 * Shapes that keys have, each behind what may stay: vendor prefixes, web tokens, bearer values, assignments of secrets, credentials
 * inside URLs, long hexadecimal strings. Broad on purpose: a log line that lost an innocent word costs less than one that kept a key.
 */
const SECRETS: readonly RegExp[] = [
  /()\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key|tok)[-_]|wandb_)[A-Za-z0-9_-]{8,}/gi,
  WEB_TOKEN,
  /(\b(?:bearer|basic)\s+)[^\s"',;]+/gi,
  // Our own "apiKey: expected …" and "export …_API_KEY=your_key_here" speak of a key, and hold none.
  /((?:api[-_]?key|x-api-key|authorization|access[-_]?token|token|secret|password)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?!expected |your_key_here\b)[^\s"'\\,;&}]+/gi,
  /([?&]key=)[^\s"'&#]+/gi,
  /(\bkey provided:\s*)[^\s"',;]+/gi,
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"']*(?=@)/gi,
  /()\b[A-Fa-f0-9]{32,}\b/g,
];

/** A known key is recognized by this much of it, in letters and digits; a shorter one by all of it, where a word begins. */
const PART_OF_KEY = 8;
/** Shorter secrets are too common to be looked for. */
const SHORTEST_KEY = 4;

/**
 * Takes keys out of a text that is going to be shown or logged, also where they are escaped (JSON, also within JSON, .NET, HTML, URL),
 * in another case, with blanks in between, or cut.
 *
 * @param text - any text, such as a vendor's error message
 * @param known - keys known to be in use; each occurrence is removed whatever its shape
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const secret of known) {
    if (secret.length >= SHORTEST_KEY) clean = clean.replaceAll(secret, REDACTED);
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
  const skeleton = toSkeleton(text);
  return replaceMarked(text, skeleton, markSecrets(skeleton, known), REDACTED);
}

function markSecrets(skeleton: Skeleton, known: readonly string[]): Uint8Array {
  const marks = new Uint8Array(skeleton.text.length);
  const keys = known.map(skeletonOf);
  const long = keys.filter((key) => key.length >= PART_OF_KEY);
  markRuns(skeleton.text, long, PART_OF_KEY, marks);
  for (const key of keys) {
    if (key.length < SHORTEST_KEY || key.length >= PART_OF_KEY) continue;
    for (let at = skeleton.text.indexOf(key); at !== -1; at = skeleton.text.indexOf(key, at + key.length)) {
      if (skeleton.breaks[at] !== BREAK.none) marks.fill(1, at, at + key.length);
    }
  }
  return marks;
}

/** The shapes of keys in what a text says when its escapes are resolved. */
function redactEscaped(text: string): string {
  const resolved = resolveEscapes(text);
  if (resolved.places === null) return text;
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const pattern of SECRETS) {
    for (const match of resolved.text.matchAll(pattern)) {
      if (pattern === WEB_TOKEN && match[2] === undefined) continue;
      const from = match.index + (match[1]?.length ?? 0);
      const to = match.index + match[0].length;
      if (from === to || resolved.text.slice(from, to) === REDACTED) continue;
      ranges.push([startOf(resolved, from), endOf(resolved, to - 1)]);
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
