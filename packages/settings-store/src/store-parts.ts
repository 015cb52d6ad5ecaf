import type { OpenedBackend } from "./backend/open-context.ts";
import { createChangeFeed } from "./bus/change-feed.ts";
import { createToSettingsError } from "./errors/to-settings-error.ts";
import { createLifetime } from "./lifetime.ts";
import type { ResolvedOptions } from "./options/store-options.ts";
import { createBackendReads } from "./read/backend-reads.ts";
import { createLastKnownGood } from "./read/last-known-good.ts";
import { createLoader, type Loader } from "./read/loader.ts";
import { createReader, type Reader } from "./read/reader.ts";
import { createRefresh, type Refresh } from "./read/refresh.ts";
import { createSnapshotCache, type SnapshotCache } from "./read/snapshot-cache.ts";
import { emptyRecord } from "./record/settings-record.ts";
import { createHealth } from "./status/health.ts";
import { type SettingsStatus, toStoreStatus } from "./status/status.ts";
import { createSubscribers, type Subscribers } from "./status/subscribers.ts";
import { createWriter, type Writer } from "./write/writer.ts";

/** The connected parts of a store. */
export interface StoreParts {
  readonly cache: SnapshotCache;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Starts the change feed; resolves when it is connected, or after a short time limit. */
  startListening(): Promise<void>;
  readonly subscribers: Subscribers;
  status(): SettingsStatus;
  /** Caches the record of the last-known-good file; `false`: there is none. */
  useLastKnownGood(): Promise<boolean>;
  /** Caches the default settings. */
  useDefaults(): void;
  /** Throws `closed` after `close`. */
  assertOpen(): void;
  close(): Promise<void>;
}

/**
 * Creates and connects the parts: the cache, the reads that fill it (refresh, loader), the change feed that triggers reads, and the parts
 * that callers use (reader, writer).
 */
export function createParts(options: ResolvedOptions, { backend, secrets }: OpenedBackend): StoreParts {
  const { clock, random, logger, backoff, loadTimeoutMs } = options;
  const toError = createToSettingsError(backend.location, secrets);
  const origin = Math.floor(random() * 2 ** 48).toString(36);
  const empty = emptyRecord(options.defaults);
  const lifetime = createLifetime();
  const { assertOpen } = lifetime;
  const health = createHealth({ location: backend.location, clock, logger, onEvent: options.onEvent });
  const subscribers = createSubscribers(logger);
  const lastKnownGood =
    options.lastKnownGood === undefined ? null : createLastKnownGood(options.lastKnownGood, clock, logger);

  const cache = createSnapshotCache(options.ttlMs, clock, (cached, previous) => {
    if (cached.source === "stored") lastKnownGood?.save(cached.record);
    subscribers.notify(cached, previous);
  });

  const reads = createBackendReads({ port: backend.port, clock, limitMs: loadTimeoutMs, lifetime });
  const refresh = createRefresh({ read: reads.inBackground, readHead: reads.head, cache, clock, empty });

  async function perform(): Promise<void> {
    try {
      await refresh.perform();
    } catch (thrown) {
      assertOpen();
      throw toError(thrown);
    }
  }

  const loader = createLoader({ perform, clock, random, backoff });
  const changeFeed = createChangeFeed(options, { bus: backend.bus, cache, refresh, loader, reads, lifetime, origin });
  loader.observe({
    succeed: health.markRecovered,
    fail(thrown) {
      health.recordFailure(toError(thrown));
      cache.expire();
      if (cache.current() === undefined) return;
      cache.serveStale();
      health.markStale();
    },
  });

  const reader = createReader({
    cache,
    loader,
    clock,
    ttlMs: options.ttlMs,
    maxStaleMs: options.maxStaleMs,
    softTimeoutMs: options.softTimeoutMs,
    loadTimeoutMs,
    lastError: () => health.lastError()?.error,
    assertOpen,
  });

  const writer = createWriter({
    read: reads.forWriter,
    port: backend.port,
    cache,
    refresh,
    empty,
    clock,
    random,
    writeTimeoutMs: options.writeTimeoutMs,
    updateTimeoutMs: options.updateTimeoutMs,
    historyLimit: options.historyLimit,
    origin,
    toError,
  });

  return {
    cache,
    refresh,
    loader,
    reader,
    writer,
    startListening: changeFeed.start,
    subscribers,
    status() {
      const loading = {
        failures: loader.failures(),
        nextAttemptInMs: loader.nextAttemptInMs(),
        lastError: health.lastError(),
        backendReads: reads.count(),
      };
      const [isStale, isClosed] = [health.isStale(), lifetime.isClosed()];
      return toStoreStatus({ backend, cached: cache.current(), bus: changeFeed.state(), loading, isStale, isClosed });
    },
    assertOpen,
    async useLastKnownGood() {
      const saved = await lastKnownGood?.load();
      if (saved === undefined) return false;
      cache.useFallback(saved.record, "last-known-good", saved.ageMs);
      health.markStale();
      return true;
    },
    useDefaults() {
      cache.useFallback(empty, "defaults", 0);
      health.markStale();
    },
    async close() {
      if (lifetime.isClosed()) return;
      await writer.idle();
      lifetime.close();
      loader.close();
      cache.expire();
      subscribers.clear();
      await Promise.all([changeFeed.close(), lastKnownGood?.flush()]);
      await backend.close().catch(() => {});
    },
  };
}
