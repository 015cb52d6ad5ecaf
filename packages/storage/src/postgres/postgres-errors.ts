import { redact } from "@babylon/llm-core";
import { messageOf, StorageError } from "../storage-error.ts";

/** Classes of SQLSTATE (PostgreSQL documentation, appendix A) that say no to who asks, whatever the time. */
const REFUSALS = /^(28|3D|42)/;

/** States of a connection that is going away, so that the fate of its statement is not known: 08 connection, 57P0 shutdown. */
const LOST = /^(08|57P0)/;

/** The SQLSTATE that the server sent; `null` when the error is not the server's. */
function sqlState(thrown: unknown): string | null {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown) || typeof thrown.code !== "string")
    return null;
  return /^[0-9A-Z]{5}$/.test(thrown.code) && "severity" in thrown ? thrown.code : null;
}

/** Whether the table is not there (any more), so that it has to be made again. */
export function isMissingTable(thrown: unknown): boolean {
  return sqlState(thrown) === "42P01";
}

/** A statement that the server refused was not applied; one whose connection was lost may have been. */
export function postgresError(thrown: unknown, applied: "no" | "unknown", secrets: readonly string[]): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const state = sqlState(thrown);
  const answered = state !== null && !LOST.test(state);
  return new StorageError({
    message: `Postgres: ${redact(messageOf(thrown), secrets)}`,
    applied: answered ? "no" : applied,
    retryable: state === null || !REFUSALS.test(state) || isMissingTable(thrown),
    cause: thrown,
  });
}
