import type { Backend, BackendKind, CasLevel } from "../backend/backend.ts";
import type { BusState } from "../bus/keep-bus.ts";
import type { SettingsError, SettingsErrorCode } from "../errors/settings-error.ts";
import type { SnapshotSource } from "../read/snapshot.ts";
import type { CachedSnapshot } from "../read/snapshot-cache.ts";

/**
 * - `not_ready`: nothing was loaded yet
 * - `ready`: the last load succeeded
 * - `stale`: the last load failed, or the settings are a fallback; reads return the last known settings
 * - `lost`: the SQLite file was removed while it was in use; writes fail until it is restored
 * - `error`: loads fail and there are no settings
 * - `closed`: the store was closed
 */
export type SettingsState = "not_ready" | "ready" | "stale" | "lost" | "error" | "closed";

/** The state of a store. Contains no credentials. */
export interface SettingsStatus {
  readonly state: SettingsState;
  readonly version: number | null;
  readonly source: SnapshotSource | null;
  /** Time since the backend last confirmed the cached settings, milliseconds. */
  readonly ageMs: number | null;
  readonly backend: BackendKind;
  /** Where the settings are: the absolute path of a file, or a URL without credentials and options. */
  readonly location: string;
  /** The backend's compare-and-set. */
  readonly cas: CasLevel;
  readonly bus: BusState;
  /** Consecutive failed loads. */
  readonly failures: number;
  /** Time until the store retries, milliseconds; `null`: no retry is scheduled. */
  readonly nextAttemptInMs: number | null;
  /** The last failure of a load, kept after recovery. */
  readonly lastError: { readonly code: SettingsErrorCode; readonly message: string; readonly at: string } | null;
  /** Reads of the backend since creation. */
  readonly backendReads: number;
}

/** The last failure of a load. */
export interface LastError {
  readonly error: SettingsError;
  /** ISO 8601. */
  readonly at: string;
}

/** Input of {@link toStoreStatus}. */
export interface StoreStatusFacts {
  readonly backend: Backend;
  readonly cached: CachedSnapshot | undefined;
  readonly bus: BusState;
  readonly loading: Pick<SettingsStatus, "failures" | "nextAttemptInMs" | "backendReads"> & {
    readonly lastError: LastError | undefined;
  };
  readonly isStale: boolean;
  readonly isClosed: boolean;
}

/** Derives the status of a store. */
export function toStoreStatus(facts: StoreStatusFacts): SettingsStatus {
  const { backend, cached, bus, loading } = facts;
  const { lastError, ...counts } = loading;
  return {
    state: stateOf(facts),
    version: cached?.snapshot.version ?? null,
    source: cached?.source ?? null,
    ageMs: cached?.snapshot.ageMs ?? null,
    backend: backend.kind,
    location: backend.location,
    cas: backend.cas,
    bus: isLost(backend) && bus === "connected" ? "reconnecting" : bus,
    ...counts,
    lastError:
      lastError === undefined
        ? null
        : { code: lastError.error.code, message: lastError.error.message, at: lastError.at },
  };
}

function isLost(backend: Backend): boolean {
  return backend.isLost?.() ?? false;
}

function stateOf({ backend, cached, loading, isStale, isClosed }: StoreStatusFacts): SettingsState {
  if (isClosed) return "closed";
  if (isLost(backend)) return "lost";
  if (cached !== undefined) return loading.failures > 0 || isStale ? "stale" : "ready";
  return loading.failures > 0 ? "error" : "not_ready";
}
