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
import { describeStatus, type SettingsStatus } from "./status/status.ts";
import { createSubscribers, type Subscribers } from "./status/subscribers.ts";
import { createWriter, type Writer } from "./write/writer.ts";

/** The parts of a store, connected. */
export interface StoreParts {
  readonly cell: SnapshotCache;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Begins to listen; resolves when that works, or when it takes too long to wait for. */
  startListening(): Promise<void>;
  readonly subscribers: Subscribers;
  status(): SettingsStatus;
  /** Puts in the last known good record, if there is one. */
  useLastKnownGood(): Promise<boolean>;
  /** Puts in the defaults. */
  useDefaults(): boolean;
  /** Throws `closed` after `close`. */
  assertOpen(): void;
  close(): Promise<void>;
}

/**
 * Connects the parts, each with those above it: what is held (cell), how it is read (refresh, loader), how changes by others become known
 * (listening), and what callers use (reader, writer).
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
  const saved = options.lastKnownGood === undefined ? null : createLastKnownGood(options.lastKnownGood, clock, logger);

  const cell = createSnapshotCache(options.ttlMs, clock, (held, previous) => {
    if (held.source === "stored") saved?.save(held.record);
    subscribers.notify(held, previous);
  });

  const reads = createBackendReads({ port: backend.port, clock, limitMs: loadTimeoutMs, lifetime });
  const refresh = createRefresh({ read: reads.inBackground, readHead: reads.head, cell, clock, empty });

  async function perform(): Promise<void> {
    try {
      await refresh.perform();
    } catch (thrown) {
      assertOpen();
      throw toError(thrown);
    }
  }

  const loader = createLoader({ perform, clock, random, backoff });
  const listening = createChangeFeed(options, { bus: backend.bus, cell, refresh, loader, reads, lifetime, origin });
  loader.observe({
    succeed: health.markRecovered,
    fail(thrown) {
      health.recordFailure(toError(thrown));
      cell.expire();
      if (cell.current() === undefined) return;
      cell.serveStale();
      health.markStale();
    },
  });

  const reader = createReader({
    cell,
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
    cell,
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
    cell,
    refresh,
    loader,
    reader,
    writer,
    startListening: listening.start,
    subscribers,
    status() {
      const loading = {
        failures: loader.failures(),
        nextAttemptInMs: loader.nextAttemptInMs(),
        lastError: health.lastError(),
        backendReads: reads.count(),
      };
      const [isStale, isClosed] = [health.isStale(), lifetime.isClosed()];
      return describeStatus({ backend, held: cell.current(), bus: listening.state(), loading, isStale, isClosed });
    },
    assertOpen,
    async useLastKnownGood() {
      const found = await saved?.load();
      if (found === undefined) return false;
      cell.useFallback(found.record, "last-known-good", found.ageMs);
      health.markStale();
      return true;
    },
    useDefaults() {
      cell.useFallback(empty, "defaults", 0);
      health.markStale();
      return true;
    },
    async close() {
      if (lifetime.isClosed()) return;
      await writer.idle();
      lifetime.end();
      loader.close();
      cell.expire();
      subscribers.clear();
      await Promise.all([listening.close(), saved?.flush()]);
      await backend.close().catch(() => {});
    },
  };
}
