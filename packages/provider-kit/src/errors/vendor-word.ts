import type { AttemptFacts } from "../attempt-facts.ts";
import { echoesSecret } from "../http/echoes-secret.ts";

/** Matches ids, models and finish reasons: one word without hidden characters and escapes. */
const WORD = /^[\p{L}\p{N}/][\p{L}\p{N}\p{M}_.:@/+~=#()[\]-]{0,255}$/u;

/**
 * Validates an identifier from a reply, such as the id of the answer or its finish reason. `null` if it is not a single word, or echoes
 * a key.
 */
export function vendorWord(word: string | null, { secrets }: Pick<AttemptFacts, "secrets">): string | null {
  return word === null || !WORD.test(word) || echoesSecret(word, secrets) ? null : word;
}
