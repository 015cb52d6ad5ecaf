/** Minimum number of consecutive characters of a key that count as an echo. */
const PART_OF_KEY = 8;

/** Matches the prefixes of keys. */
const KEY_PREFIX = /^(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key)[-_]|wandb_|eyJ|bearer\b)/i;

/**
 * Whether a short text, such as an id, contains a key or a significant part of one. Cheaper than `redact`, for fields of every reply.
 *
 * @param secrets - keys in use
 */
export function echoesSecret(text: string, secrets: readonly string[]): boolean {
  if (KEY_PREFIX.test(text)) return true;
  const lowerText = text.toLowerCase();
  return secrets.some((secret) => {
    const key = secret.toLowerCase();
    if (key.length < PART_OF_KEY) return key === lowerText;
    // Every run of 15 characters contains one of these parts completely, and so does each prefix.
    for (let at = 0; at + PART_OF_KEY <= key.length; at += PART_OF_KEY) {
      if (lowerText.includes(key.slice(at, at + PART_OF_KEY))) return true;
    }
    return false;
  });
}
