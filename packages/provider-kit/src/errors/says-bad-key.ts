/** At the beginning of a sentence, because what a vendor quotes from a prompt comes later. */
const BAD_KEY =
  /^(?:error: |bad request: |unauthorized: )?(?:(?:the |your )?(?:provided )?(?:x-)?api[ _-]?key(?: provided)? (?:is |was |has )?(?:not (?:valid|found|active)|invalid|incorrect|missing|expired|revoked|disabled)|(?:invalid|incorrect|wrong|malformed|missing|expired|revoked|unknown) (?:x-)?api[ _-]?key|please (?:pass|provide) a valid api[ _-]?key)/i;

/**
 * Whether a vendor's message says that the key is no good, as Gemini does with a 400 ("API key not valid. Please pass a valid API key.",
 * 2026-11), whatever the status below 500.
 */
export function saysBadKey(message: string, status: number | null): boolean {
  return (status === null || status < 500) && BAD_KEY.test(message.trimStart());
}
