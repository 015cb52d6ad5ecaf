import type { Clock } from "@babylon/llm-core";
import { withDeadline } from "@babylon/storage/time";
import { SettingsError } from "../errors/settings-error.ts";
import type { Loader } from "./loader.ts";
import type { StoreSnapshot } from "./snapshot.ts";
import type { CachedSnapshot, SnapshotCache } from "./snapshot-cache.ts";

/** What a read asks for. */
export interface GetOptions {
  /** Ask the backend, whatever is at hand, and fail if it does not answer. Default false. */
  readonly fresh?: boolean | undefined;
  /** How old the value may be while the backend is away, milliseconds. Default: the store's. */
  readonly maxStaleMs?: number | undefined;
}

/** What reading needs. */
export interface ReaderOptions {
  readonly cell: SnapshotCache;
  readonly loader: Loader;
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly maxStaleMs: number;
  readonly softTimeoutMs: number;
  readonly loadTimeoutMs: number;
  /** Why the last load failed. */
  readonly lastError: () => SettingsError | undefined;
  /** Throws when the store was closed. */
  readonly assertOpen: () => void;
}

/** Hands out the settings: at once when they are at hand, after a load when they are not, and stale ones rather than none. */
export interface Reader {
  peek(): StoreSnapshot | undefined;
  get(options?: GetOptions): Promise<StoreSnapshot>;
}

export function createReader(options: ReaderOptions): Reader {
  const { cell, loader, clock, ttlMs, softTimeoutMs, loadTimeoutMs } = options;

  /** Waits no longer than one load may take, and keeps the process alive meanwhile. */
  function untilLoaded(load: Promise<void>, limitMs: number): Promise<void> {
    const onTimeout = () => new SettingsError({ code: "timeout", message: "the settings could not be loaded in time" });
    return withDeadline({ clock, limitMs, onTimeout }, () => load);
  }

  function unlessTooOld(held: CachedSnapshot, maxStaleMs: number): StoreSnapshot {
    const { snapshot } = held;
    if (cell.isFresh() || snapshot.ageMs <= maxStaleMs) return snapshot;
    const error = options.lastError();
    throw new SettingsError({
      code: "unavailable",
      message: `the settings at hand are older than ${maxStaleMs} ms${error === undefined ? "" : `: ${error.message}`}`,
      cause: error,
    });
  }

  async function getFirst(): Promise<StoreSnapshot> {
    // After one failure the next caller may try at once; after several, attempts are paced.
    const waitMs = loader.failures() > 1 ? (loader.nextAttemptInMs() ?? 0) : 0;
    const error = options.lastError();
    // Nothing will be tried soon enough: no use in letting the caller wait.
    if (waitMs > loadTimeoutMs && error !== undefined) throw error;
    await untilLoaded(waitMs > 0 ? loader.nextAttempt() : loader.load(), waitMs + loadTimeoutMs + LOAD_MARGIN_MS);
    return heldNow().snapshot;
  }

  /** Waits for the load, but only so long that a caller does not notice. */
  async function waitSoftly(load: Promise<void>): Promise<void> {
    const startedAt = loader.startedAt() ?? clock.monotonic();
    const limitMs = softTimeoutMs - (clock.monotonic() - startedAt);
    if (limitMs > 0) await untilLoaded(load, limitMs).catch(() => {});
    if (!cell.isFresh()) cell.serveStale();
  }

  function heldNow(): CachedSnapshot {
    const held = cell.current();
    if (held === undefined)
      throw options.lastError() ?? new SettingsError({ code: "unavailable", message: "nothing was loaded" });
    return held;
  }

  async function getSlowly({ fresh = false, maxStaleMs = options.maxStaleMs }: GetOptions): Promise<StoreSnapshot> {
    options.assertOpen();
    if (fresh) {
      await untilLoaded(loader.loadAnew(), 2 * loadTimeoutMs + LOAD_MARGIN_MS);
      return heldNow().snapshot;
    }
    if (cell.current() === undefined) return getFirst();
    const isLate = cell.servable() === undefined;
    // While the backend is down the loader asks it at its own pace; readers do not wait for that.
    if (isLate && loader.failures() === 0) await waitSoftly(ttlMs === 0 ? loader.loadAnew() : loader.load());
    return unlessTooOld(heldNow(), maxStaleMs);
  }

  /** Stale values may be handed out without a look at their age where any age will do. */
  const anyAge = options.maxStaleMs === Number.POSITIVE_INFINITY;

  return {
    peek() {
      const held = cell.servable();
      return held !== undefined && (anyAge || cell.isFresh()) ? held.snapshot : undefined;
    },
    get(given) {
      if (given === undefined) {
        const held = cell.servable();
        if (held !== undefined && (anyAge || cell.isFresh())) return held.promise;
      }
      return getSlowly(given ?? {});
    },
  };
}

/** So that the load's own error comes first. */
const LOAD_MARGIN_MS = 100;
