import type { ResponseHeaders } from "../http/transport.ts";

/** Reads `x-should-retry` (OpenAI, Anthropic); `null` if it is absent or neither `true` nor `false`. */
export function parseShouldRetry(headers: ResponseHeaders): boolean | null {
  const value = headers.get("x-should-retry")?.trim().toLowerCase();
  if (value === "true") return true;
  if (value === "false") return false;
  return null;
}
