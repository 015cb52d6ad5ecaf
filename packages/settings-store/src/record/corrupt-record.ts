import { isSettingsError, SettingsError } from "../errors/settings-error.ts";

/** The error about a stored text that is not a settings record. */
export function corruptRecord(reason: string): SettingsError {
  const message = `what is stored under the key is not a settings record: ${reason}`;
  return new SettingsError({ code: "corrupt", message });
}

/** Parses stored data: an `invalid` error is rethrown as `corrupt`, because the data is not the caller's. */
export function rethrowAsCorrupt<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (isSettingsError(thrown, "invalid")) throw corruptRecord(thrown.message);
    throw thrown;
  }
}
