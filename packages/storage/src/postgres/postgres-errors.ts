import { redact } from "@babylon/llm-core";
import { messageOf, StorageError } from "../storage-error.ts";

/** Classes of SQLSTATE (PostgreSQL documentation, appendix A) that a retry does not change. */
const REFUSALS = /^(28|3D|42)/;

/** Connection failures (08) and shutdown (57P0): the outcome of the statement is unknown. */
const LOST = /^(08|57P0)/;

/** The SQLSTATE that the server sent; `null` when the error is not from the server. */
function sqlState(thrown: unknown): string | null {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown) || typeof thrown.code !== "string")
    return null;
  return /^[0-9A-Z]{5}$/.test(thrown.code) && "severity" in thrown ? thrown.code : null;
}

/** Whether the table does not exist, so that it has to be created again. */
export function isMissingTable(thrown: unknown): boolean {
  return sqlState(thrown) === "42P01";
}

/** Converts an error of the driver. A statement that the server rejected was not applied; one whose connection was lost may have been. */
export function postgresError(thrown: unknown, applied: "no" | "unknown", secrets: readonly string[]): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const state = sqlState(thrown);
  const isRejected = state !== null && !LOST.test(state);
  return new StorageError({
    message: `Postgres: ${redact(messageOf(thrown), secrets)}`,
    applied: isRejected ? "no" : applied,
    retryable: state === null || !REFUSALS.test(state) || isMissingTable(thrown),
    cause: thrown,
  });
}
