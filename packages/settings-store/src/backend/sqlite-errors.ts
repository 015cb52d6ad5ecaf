import { isSettingsError, SettingsError } from "../settings-error.ts";
import { BackendError, messageOf } from "./backend-error.ts";

/** Primary result codes of SQLite (sqlite.org/rescode.html) that matter here. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

const CODES: Readonly<Record<string, number>> = {
  SQLITE_BUSY: BUSY,
  SQLITE_LOCKED: LOCKED,
  SQLITE_READONLY: READONLY,
  SQLITE_CORRUPT: CORRUPT,
  SQLITE_FULL: FULL,
  SQLITE_CANTOPEN: CANTOPEN,
  SQLITE_NOTADB: NOTADB,
};

/** The primary result code in an error of `node:sqlite` (`errcode`), better-sqlite3 or sqlite3 (`code`). */
function resultCode(thrown: unknown): number | null {
  if (typeof thrown !== "object" || thrown === null) return null;
  if ("errcode" in thrown && typeof thrown.errcode === "number") return thrown.errcode & 0xff;
  if (!("code" in thrown) || typeof thrown.code !== "string") return null;
  const name = Object.keys(CODES).find((known) => thrown.code === known || String(thrown.code).startsWith(`${known}_`));
  return name === undefined ? null : (CODES[name] ?? null);
}

/** Whether another connection holds the lock, so that trying again soon makes sense. */
export function isBusy(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === BUSY || code === LOCKED;
}

/** Whether the file is no SQLite database, or a damaged one. */
export function isDamaged(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === NOTADB || code === CORRUPT;
}

/** Whether SQLite could not open the file, or the files that it needs beside it. */
export function needsFiles(thrown: unknown): boolean {
  const code = resultCode(thrown);
  return code === CANTOPEN || code === READONLY;
}

/**
 * The error when a file cannot be opened: `corrupt` or `unavailable`, naming the file and the option or variable that chose it. A lock,
 * and what is a `SettingsError` already, comes back as it is.
 */
export function sqliteFileError(
  { file, at }: { readonly file: string; readonly at: string },
  thrown: unknown,
): unknown {
  if (isSettingsError(thrown) || isBusy(thrown)) return thrown;
  if (isDamaged(thrown)) {
    return new SettingsError({
      code: "corrupt",
      message: `${at}: ${file} is no SQLite database: ${messageOf(thrown)}`,
      cause: thrown,
    });
  }
  return new SettingsError({
    code: "unavailable",
    retryable: false,
    message: `${at}: ${file} cannot be used: ${messageOf(thrown)}. Set BABYLON_SETTINGS_URL to a place that can be written, or to another backend.`,
    cause: thrown,
  });
}

/** A statement that SQLite refused was not applied: its commits are atomic and answered at once. */
export function sqliteError(thrown: unknown): BackendError {
  const code = resultCode(thrown);
  return new BackendError({
    message: `SQLite: ${messageOf(thrown)}`,
    applied: "no",
    retryable: code !== READONLY && code !== CANTOPEN && code !== NOTADB && code !== CORRUPT,
    cause: thrown,
  });
}
