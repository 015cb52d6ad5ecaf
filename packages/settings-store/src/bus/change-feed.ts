import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import type { Bus } from "../backend/backend.ts";
import type { Lifetime } from "../lifetime.ts";
import type { ResolvedOptions } from "../options/store-options.ts";
import type { BackendReads } from "../read/backend-reads.ts";
import type { Loader } from "../read/loader.ts";
import type { Refresh } from "../read/refresh.ts";
import type { SnapshotCache } from "../read/snapshot-cache.ts";
import { type BusState, createBusKeeper } from "./keep-bus.ts";

/** The parts that a change feed connects. */
export interface ChangeFeedParts {
  /** `null`: the backend has none. */
  readonly bus: Bus | null;
  readonly cache: SnapshotCache;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reads: BackendReads;
  readonly lifetime: Lifetime;
  /** The id of this store in messages. */
  readonly origin: string;
}

/** Detects changes by other processes and loads them. */
export interface ChangeFeed {
  /** Starts the feed; resolves when it is connected, or after a short time limit. Idempotent. */
  start(): Promise<void>;
  state(): BusState;
  close(): Promise<void>;
}

/** How long the first load waits for the connection to the bus, milliseconds. */
const CONNECT_FIRST_MS = 100;

/** The default interval of polls, milliseconds. */
const POLL_MS = 1_000;

export function createChangeFeed(options: ResolvedOptions, parts: ChangeFeedParts): ChangeFeed {
  const { clock, random, backoff, loadTimeoutMs } = options;
  const { cache, refresh, loader, reads, lifetime, origin } = parts;
  let starting: Promise<void> | undefined;

  function loadInBackground(): void {
    if (!lifetime.isClosed()) loader.load().catch(() => {});
  }

  const keeper = createBusKeeper({
    bus: options.bus === "auto" ? parts.bus : null,
    pollMs: options.bus === false ? null : (options.pollMs ?? POLL_MS),
    limitMs: loadTimeoutMs,
    clock,
    random,
    backoff,
    origin,
    onMessage(message) {
      if (message?.origin === origin) return;
      if (message === undefined) refresh.invalidate();
      else if (!refresh.announce(message.version)) return;
      loadInBackground();
    },
    onChange() {
      refresh.invalidate();
      loadInBackground();
    },
    async poll() {
      if (lifetime.isClosed() || (await refresh.isUnchanged())) return;
      await loader.loadAnew().catch(() => {});
    },
    cachedVersion: () => cache.current()?.record.version ?? 0,
    hasRead: () => reads.count() > 0,
    isBackendDown: () => loader.failures() > 0,
  });

  function start(): Promise<void> {
    const deadline = { clock, limitMs: CONNECT_FIRST_MS, background: true, onTimeout: noAnswer };
    starting ??= withDeadline(deadline, () => keeper.start()).catch(() => {});
    return starting;
  }

  // The bus connects before the first load, so that a change after the load is announced; if it connects later, it loads again.
  loader.observe({ begin: start, succeed: () => keeper.noteBackendRead(reads.lastAtMono()) });

  return { start, state: () => keeper.state(), close: () => keeper.close() };
}

function noAnswer(): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true });
}
