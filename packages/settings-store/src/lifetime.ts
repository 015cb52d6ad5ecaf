import { SettingsError } from "./errors/settings-error.ts";

/** Whether a store is still in use. */
export interface Lifetime {
  isClosed(): boolean;
  /** Throws `closed` when it is over. */
  assertOpen(): void;
  end(): void;
}

export function createLifetime(): Lifetime {
  let isOver = false;
  return {
    isClosed: () => isOver,
    assertOpen() {
      if (isOver) throw new SettingsError({ code: "closed", message: "the settings store was closed" });
    },
    end() {
      isOver = true;
    },
  };
}
