import type { Clock } from "@babylon/llm-core";
import type { Ledger, ScopeSums } from "@babylon/shared-state";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import type { ClosedSteps } from "./closed-steps.ts";
import type { EngineTime } from "./engine-time.ts";
import type { KnownWindows } from "./known-windows.ts";
import { windowKey } from "./target.ts";

/** A window in use. */
export interface WantedWindow extends MatchedRule {
  readonly leftKey: string;
}

/** Keeps what is known about windows in use up to date: other processes spend from them, too. */
export interface Refresher {
  /** A window is in use. One of which nothing is known is read soon. */
  want(window: WantedWindow): void;
  /** Reads windows in use now. Rejects with a `StorageError`. */
  refresh(leftKeys: readonly string[]): Promise<void>;
  /** The windows that were in use lately. */
  wanted(): Iterable<WantedWindow>;
  close(): void;
}

/** Options of {@link createRefresher}. */
export interface RefresherOptions {
  readonly ledger: Ledger;
  readonly known: KnownWindows;
  readonly closed: ClosedSteps;
  readonly time: EngineTime;
  readonly clock: Clock;
  /** Whether other processes may have changed the sums, and the ledger answers. */
  readonly isShared: () => boolean;
}

const EVERY_MS = 1_000;

/** The windows that were not used for longest are not read beyond this number. */
const MAX_WINDOWS = 1_000;

/** Creates the refresher. Its timer runs while windows are in use, and keeps no process alive. */
export function createRefresher({ ledger, known, closed, time, clock, isShared }: RefresherOptions): Refresher {
  const windows = new Map<string, WantedWindow>();
  const unread = new Set<string>();
  let cancel: (() => void) | null = null;
  let isClosed = false;

  function schedule(delayMs: number): void {
    if (isClosed) return;
    cancel?.();
    cancel = startBackgroundTimer(clock, delayMs, async () => {
      cancel = null;
      const keys = isShared() ? [...windows.keys()] : [...unread];
      unread.clear();
      // In an outage nothing can be read; the next attempt says so.
      if (keys.length > 0) await refresh(keys).catch(() => {});
      if (windows.size > 0 && cancel === null) schedule(EVERY_MS);
    });
  }

  async function refresh(leftKeys: readonly string[]): Promise<void> {
    const wanted = leftKeys.flatMap((leftKey) => windows.get(leftKey) ?? []);
    if (wanted.length === 0) return;
    const now = await ledger.serverEpochMs();
    time.note(now);
    const current = wanted.filter(({ leftKey, compiled, series }) => {
      const isCurrent = compiled.windows.stepsBefore > 0 || windowKey(series, compiled.windows.at(now)) === leftKey;
      if (!isCurrent) windows.delete(leftKey);
      return isCurrent;
    });
    await closed.load(current, now);
    const sums = await ledger.status(
      current.map(({ series, compiled }) => windowKey(series, compiled.windows.at(now))),
    );
    for (const [index, window] of current.entries()) note(window, sums[index], now);
  }

  function note(window: WantedWindow, sums: ScopeSums | undefined, now: number): void {
    const { compiled, leftKey } = window;
    const before = closed.sumBefore(window, compiled.windows.at(now));
    if (sums === undefined || before === null) return;
    const left = compiled.limit - before - sums.spent - sums.presumed - sums.held;
    known.note(leftKey, { left, limit: compiled.limit, atEpochMs: now });
  }

  return {
    want(window) {
      const { leftKey } = window;
      const isNew = !windows.delete(leftKey);
      windows.set(leftKey, window);
      if (!isNew) return;
      for (const oldest of windows.keys()) {
        if (windows.size <= MAX_WINDOWS) break;
        windows.delete(oldest);
      }
      if (known.get(leftKey) === undefined) {
        unread.add(leftKey);
        schedule(0);
      } else if (cancel === null) schedule(EVERY_MS);
    },
    refresh,
    wanted: () => windows.values(),
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
