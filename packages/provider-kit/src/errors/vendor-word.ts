import type { AttemptFacts } from "../attempt-facts.ts";
import { echoesSecret } from "../http/echoes-secret.ts";

/** Ids, models and finish reasons as vendors write them: one word, nothing hidden in it, nothing escaped. */
const WORD = /^[\p{L}\p{N}/][\p{L}\p{N}\p{M}_.:@/+~=#()[\]-]{0,255}$/u;

/**
 * What a reply names something with, such as the id of the answer or why it ended. `null` when it is not a word: a sentence, or an echo
 * of a key.
 */
export function vendorWord(word: string | null, { secrets }: Pick<AttemptFacts, "secrets">): string | null {
  return word === null || !WORD.test(word) || echoesSecret(word, secrets) ? null : word;
}
