import type { Scrubber } from "./scrubber.ts";

/** Options of {@link secrets}. */
export interface SecretsOptions {
  /** Secrets of the application: an example with one of them is dropped. Shorter ones than 4 characters are ignored. */
  readonly known?: readonly string[] | undefined;
}

/** The start of a word, also after an escape within nested JSON, such as `\n`. */
const START = String.raw`(?:^|[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9a-fA-F]{4})`;

/** Keys with a prefix of their vendor. Case matters, so that words of ordinary text are not taken for one. */
const PREFIXED = new RegExp(
  `${START}(?:${[
    "(?:sk|pk|rk|gsk|xai|hf|tok|key)[-_][A-Za-z0-9_-]{16,}",
    "wandb_[A-Za-z0-9_-]{16,}",
    "gh[pousr]_[A-Za-z0-9]{20,}",
    "github_pat_[A-Za-z0-9_]{20,}",
    "glpat-[A-Za-z0-9_-]{16,}",
    "npm_[A-Za-z0-9]{30,}",
    "xox[abeprs]-[A-Za-z0-9-]{10,}",
    "(?:AKIA|ASIA)[A-Z0-9]{16}",
    "AIza[A-Za-z0-9_-]{30,}",
    "ya29\\.[A-Za-z0-9_-]{20,}",
    "[A-Fa-f0-9]{32,}(?![A-Za-z0-9])",
  ].join("|")})`,
);

/** With a limit: in a row of `eyJ-eyJ-…` each one would be followed to the end. What goes on beyond it is a token, too. */
const WEB_TOKEN = new RegExp(
  `${START}eyJ[A-Za-z0-9_-]{8,400}(?:\\.[A-Za-z0-9_-]{8}|(?<=[A-Za-z0-9_-]{400})[A-Za-z0-9_-])`,
);
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/;
const URL_PASSWORD = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#"'@:]{0,100}:[^\s/?#"'@]{1,200}@/i;
const BEARER = /\b(?:bearer|basic)\s+([A-Za-z0-9+/=._~-]{16,})/gi;
const ASSIGNED =
  /(?:api[-_ ]?key|access[-_ ]?token|auth[-_ ]?token|secret|token|passw(?:or)?d|authorization)(?:\\*["'])?\s{0,3}[:=]\s{0,3}(?:\\*["'])?([^\s"'\\,;&}]{8,})/gi;

/** Letters and digits together: a value, and not a word. */
const looksRandom = (value: string): boolean => /\d/.test(value) && /[A-Za-z]/.test(value);

function hasRandomValue(pattern: RegExp, text: string): boolean {
  for (const [, value = ""] of text.matchAll(pattern)) if (looksRandom(value)) return true;
  return false;
}

/** The shortest row of letters, digits, dashes and underscores that can be a key. Without one, the patterns of keys are not tried. */
const SHORTEST_KEY = 14;

/** Looks at every 14th character, and at the others only around one of a row: a pattern takes eight times as long. */
function hasLongRow(text: string): boolean {
  for (let end = SHORTEST_KEY - 1; end < text.length; ) {
    let at = end;
    while (at > end - SHORTEST_KEY && isOfKey(text.charCodeAt(at))) at -= 1;
    if (at === end - SHORTEST_KEY) return true;
    end = at + SHORTEST_KEY;
  }
  return false;
}

const isOfKey = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 45 || code === 95;

/**
 * Drops examples with secrets: keys with a vendor's prefix, web tokens, private keys, passwords in URLs and assignments, and rows of 32 or more
 * hexadecimal digits. Prefer a dropped example to a key that a model repeats.
 */
export function secrets({ known = [] }: SecretsOptions = {}): Scrubber {
  const own = known.filter((secret) => secret.length >= 4);
  return {
    scrub(text) {
      const isSecret =
        own.some((secret) => text.includes(secret)) ||
        (hasLongRow(text) && (PREFIXED.test(text) || WEB_TOKEN.test(text))) ||
        (text.includes("://") && URL_PASSWORD.test(text)) ||
        (text.includes("-----BEGIN") && PRIVATE_KEY.test(text)) ||
        hasRandomValue(ASSIGNED, text) ||
        hasRandomValue(BEARER, text);
      return isSecret ? "drop" : null;
    },
  };
}
