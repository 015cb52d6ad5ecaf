import { redact } from "@babylon/llm-core";
import { messageOf, StorageError } from "../storage-error.ts";

/** Replies that a retry does not change: wrong credentials and missing permissions. */
const REFUSALS = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/;

/** Whether the error is the server's reply (`OOM ...`, `READONLY ...`), so that the outcome of the command is known. */
export function isReply(thrown: unknown): boolean {
  return thrown instanceof Error && /^[A-Z]{2,} /.test(thrown.message);
}

/** Whether the server is a cluster node and another node owns the key. */
export function isMoved(thrown: unknown): boolean {
  return messageOf(thrown).startsWith("MOVED ");
}

/**
 * Converts an error of the driver.
 *
 * @param applied - whether the command may have been applied when the server did not reply
 */
export function redisError(thrown: unknown, applied: "no" | "unknown", secrets: readonly string[]): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const text = messageOf(thrown);
  return new StorageError({
    message: `Redis: ${redact(text, secrets)}`,
    applied: isReply(thrown) ? "no" : applied,
    retryable: !REFUSALS.test(text),
    cause: thrown,
  });
}
