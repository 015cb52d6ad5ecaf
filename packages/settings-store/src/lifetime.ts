import { SettingsError } from "./errors/settings-error.ts";

/** Whether a store was closed. */
export interface Lifetime {
  isClosed(): boolean;
  /** Throws `closed` after `close`. */
  assertOpen(): void;
  close(): void;
}

export function createLifetime(): Lifetime {
  let isClosed = false;
  return {
    isClosed: () => isClosed,
    assertOpen() {
      if (isClosed) throw new SettingsError({ code: "closed", message: "the settings store was closed" });
    },
    close() {
      isClosed = true;
    },
  };
}
