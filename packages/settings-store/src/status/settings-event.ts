import type { SettingsError } from "../errors/settings-error.ts";

/**
 * A change of the store's own state, as opposed to the settings: `stale` once when the backend stops answering, `recovered` once when it
 * answers again.
 */
export interface SettingsEvent {
  readonly type: "stale" | "recovered";
  /** ISO 8601. */
  readonly at: string;
  /** The error of the load that failed; `null` for `recovered`. */
  readonly error: SettingsError | null;
}
