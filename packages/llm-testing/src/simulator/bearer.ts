import type { IncomingHttpHeaders } from "node:http";

/** The token of an `Authorization: Bearer` header; `null`: none. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

/** The value of a header that occurs once. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : null;
}
