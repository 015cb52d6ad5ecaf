import type { Backend, BackendKind, CasLevel } from "../backend/backend.ts";
import type { BusState } from "../bus/keep-bus.ts";
import type { SettingsError, SettingsErrorCode } from "../errors/settings-error.ts";
import type { SnapshotSource } from "../read/snapshot.ts";
import type { CachedSnapshot } from "../read/snapshot-cache.ts";

/**
 * `not_ready`: nothing was loaded yet; `ready`: what is held is what the backend holds, as far as anyone can know; `stale`: it may not
 * be; `lost`: the SQLite file was removed while it was in use, and writes fail until it is back; `error`: nothing is held and the backend
 * fails; `closed`.
 */
export type SettingsState = "not_ready" | "ready" | "stale" | "lost" | "error" | "closed";

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

/** The last failure of a load. */
export interface LastError {
  readonly error: SettingsError;
  /** ISO 8601. */
  readonly at: string;
}

/** What the status is made of. */
export interface StatusFacts {
  readonly backend: Backend;
  readonly held: CachedSnapshot | undefined;
  readonly bus: BusState;
  readonly loading: Pick<SettingsStatus, "failures" | "nextAttemptInMs" | "backendReads"> & {
    readonly lastError: LastError | undefined;
  };
  readonly isStale: boolean;
  readonly isClosed: boolean;
}

/** Puts the facts into the words of the status. */
export function describeStatus(facts: StatusFacts): SettingsStatus {
  const { backend, held, bus, loading } = facts;
  const { lastError, ...counts } = loading;
  return {
    state: stateOf(facts),
    version: held?.snapshot.version ?? null,
    source: held?.source ?? null,
    ageMs: held?.snapshot.ageMs ?? null,
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

function stateOf({ backend, held, loading, isStale, isClosed }: StatusFacts): SettingsState {
  if (isClosed) return "closed";
  if (isLost(backend)) return "lost";
  if (held !== undefined) return loading.failures > 0 || isStale ? "stale" : "ready";
  return loading.failures > 0 ? "error" : "not_ready";
}
