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

/** The parts that listening sets in motion. */
export interface ChangeFeedParts {
  /** `null`: the backend has none. */
  readonly bus: Bus | null;
  readonly cell: SnapshotCache;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reads: BackendReads;
  readonly lifetime: Lifetime;
  /** This store, in messages. */
  readonly origin: string;
}

/** Learns of changes by others, and loads what is new. */
export interface ChangeFeed {
  /** Begins; resolves when that works, or when it takes too long to wait for. Once, however often it is called. */
  start(): Promise<void>;
  state(): BusState;
  close(): Promise<void>;
}

/** How long the first load waits for the listening to begin. */
const HEAD_START_MS = 100;

/** How often to ask where no messages arrive. */
const POLL_MS = 1_000;

export function createChangeFeed(options: ResolvedOptions, parts: ChangeFeedParts): ChangeFeed {
  const { clock, random, backoff, loadTimeoutMs } = options;
  const { cell, refresh, loader, reads, lifetime, origin } = parts;
  let beginning: Promise<void> | undefined;

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
    cachedVersion: () => cell.current()?.record.version ?? 0,
    hasRead: () => reads.count() > 0,
    isBackendDown: () => loader.failures() > 0,
  });

  function begin(): Promise<void> {
    const deadline = { clock, limitMs: HEAD_START_MS, background: true, onTimeout: tooLate };
    beginning ??= withDeadline(deadline, () => keeper.start()).catch(() => {});
    return beginning;
  }

  // What changes after a load is announced only to those who listen already; who begins later asks again.
  loader.observe({ begin, succeed: () => keeper.noteBackendRead(reads.lastAtMono()) });

  return { start: begin, state: () => keeper.state(), close: () => keeper.close() };
}

function tooLate(): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true });
}
