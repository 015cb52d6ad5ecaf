import { isSettingsError, SettingsError } from "../errors/settings-error.ts";

/** The error about a stored text that is not a settings record. */
export function corruptRecord(what: string): SettingsError {
  return new SettingsError({ code: "corrupt", message: `what is stored under the key is no settings record: ${what}` });
}

/** Runs the reading of something stored: what is `invalid` in it is `corrupt`, because no caller gave it. */
export function rethrowAsCorrupt<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (isSettingsError(thrown, "invalid")) throw corruptRecord(thrown.message);
    throw thrown;
  }
}
