import type { Clock } from "@babylon/llm-core";
import { withDeadline } from "@babylon/storage/time";
import { SettingsError } from "../errors/settings-error.ts";
import type { Loader } from "./loader.ts";
import type { StoreSnapshot } from "./snapshot.ts";
import type { CachedSnapshot, SnapshotCache } from "./snapshot-cache.ts";

/** Options of `get`. */
export interface GetOptions {
  /** Load from the backend even if the cached value is fresh, and fail if that fails. Default false. */
  readonly fresh?: boolean | undefined;
  /** Maximum age of a stale value while the backend is unavailable, milliseconds. Default: that of the store. */
  readonly maxStaleMs?: number | undefined;
}

/** Input of {@link createReader}. */
export interface ReaderOptions {
  readonly cache: SnapshotCache;
  readonly loader: Loader;
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly maxStaleMs: number;
  readonly softTimeoutMs: number;
  readonly loadTimeoutMs: number;
  /** The error of the last failed load. */
  readonly lastError: () => SettingsError | undefined;
  /** Throws when the store was closed. */
  readonly assertOpen: () => void;
}

/** Serves reads: from the cache while it is fresh, else after a load, and with a stale value when the load is slow or fails. */
export interface Reader {
  peek(): StoreSnapshot | undefined;
  get(options?: GetOptions): Promise<StoreSnapshot>;
}

export function createReader(options: ReaderOptions): Reader {
  const { cache, loader, clock, ttlMs, softTimeoutMs, loadTimeoutMs } = options;

  /** Waits for a load within a time limit. The timer keeps the process alive. */
  function waitForLoad(load: Promise<void>, limitMs: number): Promise<void> {
    const onTimeout = () => new SettingsError({ code: "timeout", message: "the settings could not be loaded in time" });
    return withDeadline({ clock, limitMs, onTimeout }, () => load);
  }

  function withinMaxAge({ snapshot }: CachedSnapshot, maxStaleMs: number): StoreSnapshot {
    if (cache.isFresh() || snapshot.ageMs <= maxStaleMs) return snapshot;
    const error = options.lastError();
    throw new SettingsError({
      code: "unavailable",
      message: `the last known settings are older than ${maxStaleMs} ms${error === undefined ? "" : `: ${error.message}`}`,
      cause: error,
    });
  }

  async function getUncached(): Promise<StoreSnapshot> {
    // After one failure the next read retries at once; after several, it waits for the backoff.
    const waitMs = loader.failures() > 1 ? (loader.nextAttemptInMs() ?? 0) : 0;
    const error = options.lastError();
    // The next attempt is later than the time limit of this read.
    if (waitMs > loadTimeoutMs && error !== undefined) throw error;
    await waitForLoad(waitMs > 0 ? loader.nextAttempt() : loader.load(), waitMs + loadTimeoutMs + LOAD_MARGIN_MS);
    return requireCached().snapshot;
  }

  /** Waits for a load until `softTimeoutMs` after its start, then makes the stale value servable. */
  async function waitUntilSoftTimeout(load: Promise<void>): Promise<void> {
    const startedAt = loader.startedAt() ?? clock.monotonic();
    const limitMs = softTimeoutMs - (clock.monotonic() - startedAt);
    if (limitMs > 0) await waitForLoad(load, limitMs).catch(() => {});
    if (!cache.isFresh()) cache.serveStale();
  }

  function requireCached(): CachedSnapshot {
    const cached = cache.current();
    if (cached === undefined)
      throw options.lastError() ?? new SettingsError({ code: "unavailable", message: "nothing was loaded" });
    return cached;
  }

  async function getAfterLoad({ fresh = false, maxStaleMs = options.maxStaleMs }: GetOptions): Promise<StoreSnapshot> {
    options.assertOpen();
    if (fresh) {
      await waitForLoad(loader.loadAnew(), 2 * loadTimeoutMs + LOAD_MARGIN_MS);
      return requireCached().snapshot;
    }
    if (cache.current() === undefined) return getUncached();
    const needsLoad = cache.servable() === undefined;
    // While the backend is down, loads are retried with backoff, and reads do not wait for them.
    if (needsLoad && loader.failures() === 0)
      await waitUntilSoftTimeout(ttlMs === 0 ? loader.loadAnew() : loader.load());
    return withinMaxAge(requireCached(), maxStaleMs);
  }

  /** Without a maximum age, stale values are returned without reading the clock. */
  const hasNoMaxAge = options.maxStaleMs === Number.POSITIVE_INFINITY;

  return {
    peek() {
      const cached = cache.servable();
      return cached !== undefined && (hasNoMaxAge || cache.isFresh()) ? cached.snapshot : undefined;
    },
    get(getOptions) {
      if (getOptions === undefined) {
        const cached = cache.servable();
        if (cached !== undefined && (hasNoMaxAge || cache.isFresh())) return cached.promise;
      }
      return getAfterLoad(getOptions ?? {});
    },
  };
}

/** Added to a time limit, so that the error of the load itself is reported. */
const LOAD_MARGIN_MS = 100;
