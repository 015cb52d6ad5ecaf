import type { BackendKind, CasLevel } from "./backend/backend.ts";
import type { BusState } from "./bus/keep-bus.ts";
import type { SettingsErrorCode } from "./settings-error.ts";
import type { SnapshotSource } from "./snapshot.ts";

/**
 * `not_ready`: nothing was loaded yet; `ready`: what is held is what the backend holds, as far as anyone can know; `stale`: it may not
 * be; `error`: nothing is held and the backend fails; `closed`.
 */
export type SettingsState = "not_ready" | "ready" | "stale" | "error" | "closed";

/** How a store is doing. Holds no credentials. */
export interface SettingsStatus {
  readonly state: SettingsState;
  readonly version: number | null;
  readonly source: SnapshotSource | null;
  /** Since the backend last confirmed what is held, milliseconds. */
  readonly ageMs: number | null;
  readonly backend: BackendKind;
  /** Where the settings are: the absolute path of a file, or a URL without credentials and options. */
  readonly location: string;
  /** How safe concurrent changes are. */
  readonly cas: CasLevel;
  readonly bus: BusState;
  /** Failed loads since the last one that succeeded. */
  readonly failures: number;
  /** Until the store tries again by itself, milliseconds. */
  readonly nextAttemptInMs: number | null;
  /** The last failure of a load, also after it was overcome. */
  readonly lastError: { readonly code: SettingsErrorCode; readonly message: string; readonly at: string } | null;
  /** How often the backend was asked since creation. */
  readonly backendReads: number;
}
