import { messageOf, StorageError } from "../storage-error.ts";

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const CANTOPEN = 14;
const NOTADB = 26;

/** The primary result code in an error of `node:sqlite`. */
function resultCode(thrown: unknown): number | null {
  if (typeof thrown !== "object" || thrown === null || !("errcode" in thrown)) return null;
  return typeof thrown.errcode === "number" ? thrown.errcode & 0xff : null;
}

/** Whether the error is from SQLite. */
export function isSqliteError(thrown: unknown): boolean {
  return resultCode(thrown) !== null;
}

/** Whether another connection holds the lock, so that a retry may succeed soon. */
export function isBusy(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === BUSY || code === LOCKED;
}

/** Whether the file is not an SQLite database, or is damaged. */
export function isDamaged(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === NOTADB || code === CORRUPT;
}

/** Whether SQLite could not open the file, or create its `-wal` and `-shm` files. */
export function isOpenFailure(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === CANTOPEN || code === READONLY;
}

/**
 * Converts an error while opening a file: to `corrupt` or `unavailable`, naming the file and the option or variable that chose it. A lock
 * error is returned unchanged.
 */
export function sqliteFileError(
  { file, at, readOnly }: { readonly file: string; readonly at: string; readonly readOnly: boolean },
  thrown: unknown,
): unknown {
  if (isBusy(thrown)) return thrown;
  const about = { applied: "no", retryable: false, at, cause: thrown } as const;
  const reason = messageOf(thrown);
  if (isDamaged(thrown)) {
    return new StorageError({
      ...about,
      code: "corrupt",
      message: `${at}: ${file} is not an SQLite database: ${reason}`,
    });
  }
  const advice = `Set ${at} to ${readOnly ? "a file that exists and can be read" : "a writable path"}, or to another backend.`;
  return new StorageError({ ...about, message: `${at}: ${file} cannot be used: ${reason}. ${advice}` });
}

/** Converts an error of a statement. It was not applied: commits are atomic and their result is returned synchronously. */
export function sqliteError(thrown: unknown): StorageError {
  const code = resultCode(thrown);
  return new StorageError({
    message: `SQLite: ${messageOf(thrown)}`,
    applied: "no",
    retryable: code !== READONLY && code !== CANTOPEN && code !== NOTADB && code !== CORRUPT,
    cause: thrown,
  });
}
