import { StorageError } from "@babylon/storage";

/** Creates an `invalid` error for one field. */
export function invalid(at: string, reason: string): StorageError {
  return new StorageError({ code: "invalid", message: `${at}: ${reason}`, applied: "no", at });
}
