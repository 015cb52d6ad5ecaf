import { messageOf, StorageError } from "@babylon/storage";
import { invalidOption, isSettingsError, SettingsError, type SettingsErrorCode } from "./settings-error.ts";

/** Converts an error of a backend to a `SettingsError`, with the location in front of the message and secrets redacted. */
export type ToSettingsError = (thrown: unknown) => SettingsError;

/** @param location - where the backend is, without credentials */
export function createToSettingsError(location: string, secrets: readonly string[]): ToSettingsError {
  return (thrown) => {
    if (isSettingsError(thrown)) return thrown;
    const failure = thrown instanceof StorageError ? thrown : null;
    const at = failure?.at ?? null;
    const text = messageOf(thrown);
    // `invalidOption` puts the option in front of the message, which has it there already.
    if (failure?.code === "invalid" && at !== null) return invalidOption(at, text.replace(`${at}: `, ""));
    return new SettingsError({
      code: codeOf(failure),
      message: at === null ? `${location}: ${text}` : text,
      retryable: failure?.retryable ?? true,
      cause: failure?.cause ?? thrown,
      secrets,
    });
  };
}

function codeOf(failure: StorageError | null): SettingsErrorCode {
  if (failure?.timedOut) return "timeout";
  return failure?.code === "corrupt" ? "corrupt" : "unavailable";
}
