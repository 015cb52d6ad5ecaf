import type { AdminFailure, AdminSuccess } from "../contract.ts";
import type { AdminError } from "./admin-error.ts";

const HEADERS: Readonly<Record<string, string>> = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** A reply that succeeded. */
export function toResponse<T>(data: T, message?: string): Response {
  const body: AdminSuccess<T> = { success: true, data, ...(message === undefined ? {} : { message }) };
  return new Response(JSON.stringify(body), { status: 200, headers: HEADERS });
}

/** A reply that failed. One with a time to wait has it as a header, too. */
export function toErrorResponse(error: AdminError, headers: Readonly<Record<string, string>> = {}): Response {
  const { retryAfterMs } = error.facts;
  const wait = retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
  const body: AdminFailure = { success: false, error: error.message, code: error.code, ...error.facts };
  return new Response(JSON.stringify(body), { status: error.status, headers: { ...HEADERS, ...wait, ...headers } });
}
