import { BackendError, messageOf } from "./backend/backend-error.ts";
import { isSettingsError, SettingsError } from "./settings-error.ts";

/** Turns what a backend threw into the store's own error, with its place in front and without its secrets. */
export type ToSettingsError = (thrown: unknown) => SettingsError;

/** @param location - where the backend is, as it may be shown */
export function createToSettingsError(location: string, secrets: readonly string[]): ToSettingsError {
  return (thrown) => {
    if (isSettingsError(thrown)) return thrown;
    const failure = thrown instanceof BackendError ? thrown : null;
    return new SettingsError({
      code: failure?.timedOut ? "timeout" : "unavailable",
      message: `${location}: ${messageOf(thrown)}`,
      retryable: failure?.retryable ?? true,
      cause: failure?.cause ?? thrown,
      secrets,
    });
  };
}
