import { StorageError } from "@babylon/storage";
import { withDeadline } from "@babylon/storage/time";
import type { Bus } from "../backend/backend.ts";
import type { ResolvedOptions } from "../options/store-options.ts";
import type { BackendReads } from "../read/backend-reads.ts";
import type { Cell } from "../read/cell.ts";
import type { Loader } from "../read/loader.ts";
import type { Refresh } from "../read/refresh.ts";
import type { Lifetime } from "../status/lifetime.ts";
import { type BusState, createBusKeeper } from "./keep-bus.ts";

/** The parts that listening sets in motion. */
export interface ListeningParts {
  /** `null`: the backend has none. */
  readonly bus: Bus | null;
  readonly cell: Cell;
  readonly refresh: Refresh;
  readonly loader: Loader;
  readonly reads: BackendReads;
  readonly lifetime: Lifetime;
  /** This store, in messages. */
  readonly origin: string;
}

/** Learns of changes by others, and loads what is new. */
export interface Listening {
  /** Begins; resolves when that works, or when it takes too long to wait for. Once, however often it is called. */
  begin(): Promise<void>;
  state(): BusState;
  close(): Promise<void>;
}

/** How long the first load waits for the listening to begin. */
const HEAD_START_MS = 100;

/** How often to ask where no messages arrive. */
const POLL_MS = 1_000;

export function createListening(options: ResolvedOptions, parts: ListeningParts): Listening {
  const { clock, random, backoff, loadTimeoutMs } = options;
  const { cell, refresh, loader, reads, lifetime, origin } = parts;
  let beginning: Promise<void> | undefined;

  function loadInBackground(): void {
    if (!lifetime.isOver()) loader.load().catch(() => {});
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
      if (lifetime.isOver() || (await refresh.isUnchanged())) return;
      await loader.loadAnew().catch(() => {});
    },
    heldVersion: () => cell.held()?.record.version ?? 0,
    wasAsked: () => reads.count() > 0,
    isBackendDown: () => loader.failures() > 0,
  });

  function begin(): Promise<void> {
    const deadline = { clock, limitMs: HEAD_START_MS, background: true, onTimeout: tooLate };
    beginning ??= withDeadline(deadline, () => keeper.start()).catch(() => {});
    return beginning;
  }

  // What changes after a load is announced only to those who listen already; who begins later asks again.
  loader.observe({ begin, succeed: () => keeper.backendAnswered(reads.lastAtMono()) });

  return { begin, state: () => keeper.state(), close: () => keeper.close() };
}

function tooLate(): StorageError {
  return new StorageError({ message: "no answer in time", applied: "no", timedOut: true });
}
