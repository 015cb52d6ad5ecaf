import { messageOf, StorageError } from "@babylon/storage";

/** Codes of ClickHouse's `ErrorCodes.cpp` that a repeated statement does not change: syntax, database, user, password, access. */
const REFUSALS: ReadonlySet<number> = new Set([62, 81, 192, 193, 194, 497, 516]);

/** The table does not exist. */
export const UNKNOWN_TABLE = 60;

/** What the server wrote about an error. */
export interface ClickhouseException {
  readonly code: number;
  /** Such as `MEMORY_LIMIT_EXCEEDED`; `null`: an old server does not write it. */
  readonly name: string | null;
}

/**
 * Finds an exception in a reply, such as `Code: 241. DB::Exception: ... (MEMORY_LIMIT_EXCEEDED)`. Its text is not kept: it may quote rows.
 */
export function findException(body: string): ClickhouseException | null {
  const [, code] = /Code: (\d+)\. DB::(?:\w+)?Exception/.exec(body) ?? [];
  if (code === undefined) return null;
  const [, name] = /\(([A-Z][A-Z0-9_]{2,})\)/.exec(body.slice(body.indexOf("DB::"))) ?? [];
  return { code: Number(code), name: name ?? null };
}

/** The error of an exception. The statement was not applied, or only a part of it. */
export function exceptionError({ code, name }: ClickhouseException, applied: "no" | "unknown"): StorageError {
  return new StorageError({
    message: `ClickHouse: code ${code}${name === null ? "" : ` (${name})`}`,
    applied,
    retryable: !REFUSALS.has(code),
    cause: { code, name },
  });
}

/** Whether an error is one of {@link exceptionError} with a code. */
export function hasCode(thrown: unknown, code: number): boolean {
  if (!(thrown instanceof StorageError)) return false;
  return typeof thrown.cause === "object" && thrown.cause !== null && Reflect.get(thrown.cause, "code") === code;
}

/** The error of a request without a complete reply. */
export function connectionError(thrown: unknown, applied: "no" | "unknown"): StorageError {
  // The message of fetch is "fetch failed"; its cause says why.
  const reason = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  return new StorageError({ message: `ClickHouse: ${messageOf(reason)}`, applied, cause: thrown });
}
