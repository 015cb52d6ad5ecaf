import type { ResponseHeaders } from "../http/transport.ts";

/** What a vendor says in `x-should-retry` (OpenAI, Anthropic); `null` when it says nothing. */
export function parseShouldRetry(headers: ResponseHeaders): boolean | null {
  const value = headers.get("x-should-retry")?.trim().toLowerCase();
  if (value === "true") return true;
  if (value === "false") return false;
  return null;
}
