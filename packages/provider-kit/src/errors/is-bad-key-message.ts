/** Only at the start of a message: quotations of the prompt come later. */
const BAD_KEY =
  /^(?:error: |bad request: |unauthorized: )?(?:(?:the |your )?(?:provided )?(?:x-)?api[ _-]?key(?: provided)? (?:is |was |has )?(?:not (?:valid|found|active)|invalid|incorrect|missing|expired|revoked|disabled)|(?:invalid|incorrect|wrong|malformed|missing|expired|revoked|unknown) (?:x-)?api[ _-]?key|please (?:pass|provide) a valid api[ _-]?key)/i;

/**
 * Whether a vendor's message reports an invalid key, with any status below 500: Gemini sends 400 ("API key not valid. Please pass a valid
 * API key.", 2026-11).
 */
export function isBadKeyMessage(message: string, status: number | null): boolean {
  return (status === null || status < 500) && BAD_KEY.test(message.trimStart());
}
