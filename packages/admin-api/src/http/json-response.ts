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

/** A reply that failed. */
export function toErrorResponse(error: AdminError, headers: Readonly<Record<string, string>> = {}): Response {
  const body: AdminFailure = { success: false, error: error.message, code: error.code, ...error.facts };
  return new Response(JSON.stringify(body), { status: error.status, headers: { ...HEADERS, ...headers } });
}
