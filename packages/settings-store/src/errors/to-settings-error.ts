import { messageOf, StorageError } from "@babylon/storage";
import { invalidOption, isSettingsError, SettingsError, type SettingsErrorCode } from "./settings-error.ts";

/** Turns what a backend threw into the store's own error, with its place in front and without its secrets. */
export type ToSettingsError = (thrown: unknown) => SettingsError;

/** @param location - where the backend is, as it may be shown */
export function createToSettingsError(location: string, secrets: readonly string[]): ToSettingsError {
  return (thrown) => {
    if (isSettingsError(thrown)) return thrown;
    const failure = thrown instanceof StorageError ? thrown : null;
    const at = failure?.at ?? null;
    const text = messageOf(thrown);
    // The message begins with the option that it is about, and an `invalid` error puts it there itself.
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
