/**
 * Shapes that keys have: vendor prefixes, web tokens, bearer values, assignments of secrets, credentials inside URLs, long
 * hexadecimal strings. Broad on purpose: a log line that lost an innocent word costs less than one that kept a key.
 */
const SECRETS: readonly [RegExp, string | ((match: string, rest?: string) => string)][] = [
  [/\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key|tok)[-_]|wandb_)[A-Za-z0-9_-]{8,}/gi, "[redacted]"],
  // Without its second part it is not one; it is passed over as a whole, or `eyJ-eyJ-…` would be tried at each of its beginnings.
  [/\beyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?(?:\.[A-Za-z0-9_-]*)?/g, (match, rest) => (rest ? "[redacted]" : match)],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 [redacted]"],
  [
    // Our own "apiKey: expected …" and "export …_API_KEY=your_key_here" speak of a key, and hold none.
    /((?:api[-_]?key|x-api-key|authorization|access[-_]?token|token|secret|password)(?:\\*["'])?\s*[:=]\s*(?:\\*["'])?)(?!expected |your_key_here\b)[^\s"'\\,;&}]+/gi,
    "$1[redacted]",
  ],
  [/([?&]key=)[^\s"'&#]+/gi, "$1[redacted]"],
  [/(\bkey provided:\s*)[^\s"',;]+/gi, "$1[redacted]"],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"']*@/gi, "$1[redacted]@"],
  [/\b[A-Fa-f0-9]{32,}\b/g, "[redacted]"],
];

/**
 * Takes keys out of a text that is going to be shown or logged.
 *
 * @param text - any text, such as a vendor's error message
 * @param known - keys known to be in use; each occurrence is removed whatever its shape
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const secret of known) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, "[redacted]");
  }
  for (const [pattern, replacement] of SECRETS) {
    // Two overloads: one for each kind of replacement.
    clean = typeof replacement === "string" ? clean.replace(pattern, replacement) : clean.replace(pattern, replacement);
  }
  return clean;
}
