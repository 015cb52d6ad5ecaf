/** So much of a key in a row gives it away. */
const PART_OF_KEY = 8;

/** What keys begin with. */
const KEY_PREFIX = /^(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key)[-_]|wandb_|eyJ|bearer\b)/i;

/**
 * Whether a short text, such as an id, is or holds a key, or enough of one. Cheaper than `redact`, for what is read of every reply.
 *
 * @param secrets - keys in use
 */
export function echoesSecret(text: string, secrets: readonly string[]): boolean {
  if (KEY_PREFIX.test(text)) return true;
  const said = text.toLowerCase();
  return secrets.some((secret) => {
    const key = secret.toLowerCase();
    if (key.length < PART_OF_KEY) return key === said;
    // Every run of 15 characters holds one of these parts whole, and so does each beginning.
    for (let at = 0; at + PART_OF_KEY <= key.length; at += PART_OF_KEY) {
      if (said.includes(key.slice(at, at + PART_OF_KEY))) return true;
    }
    return false;
  });
}
