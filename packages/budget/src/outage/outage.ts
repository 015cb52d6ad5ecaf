import type { Clock, Logger } from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { WhileAway } from "../contract/budget-window.ts";
import type { KnownWindows } from "../ledger/known-windows.ts";
import type { Journal } from "./journal.ts";
import { createShares, type Shares } from "./shares.ts";

/**
 * The time in which the ledger does not answer, or reserves nothing because it has lost writes. It ends when the ledger has everything that
 * was spent meanwhile, by this process and by others.
 */
export interface Outage {
  /** `null`: the ledger answers. */
  shares(): Shares | null;
  /** Epoch milliseconds of this process; `null`: there is no outage. */
  sinceEpochMs(): number | null;
  /** The ledger did not answer. */
  begin(): void;
  /** There is something to replay. */
  wake(): void;
  /** Outside of an outage: replays what is left from one. */
  idle(): Promise<void>;
  /** Replays what is left, if the ledger answers. */
  close(): Promise<void>;
}

/** Options of {@link createOutage}. */
export interface OutageOptions {
  readonly state: Pick<SharedState, "status">;
  readonly known: KnownWindows;
  readonly journal: Journal;
  readonly whileAway: WhileAway;
  /** Where the journal is; `null`: in memory. */
  readonly folder: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after the replay, with the windows that were used: what is known about them is out of date. */
  readonly refresh: (leftKeys: readonly string[]) => Promise<void>;
  /** It has ended. */
  readonly onEnd: () => void;
}

/** How often this process looks whether its state is connected again: no I/O. */
const LOOK_EVERY_MS = 100;

/** All processes probe once a second: by then each of them has sent what it has spent of its share. */
const SHARES_SENT_MS = 1_500;

/** Creates the detector of an outage. */
export function createOutage(options: OutageOptions): Outage {
  const { state, known, journal, whileAway, folder, clock, logger, refresh, onEnd } = options;
  let shares: Shares | null = null;
  let sinceEpochMs: number | null = null;
  let cancelLook: (() => void) | null = null;
  let replaying: Promise<void> | null = null;
  let isClosed = false;

  function look(): void {
    if (cancelLook !== null || isClosed) return;
    cancelLook = startBackgroundTimer(clock, LOOK_EVERY_MS, () => {
      cancelLook = null;
      replaying ??= recover().finally(() => {
        replaying = null;
        if (shares !== null || journal.size() > 0) look();
      });
    });
  }

  /** Whether the ledger may lack what other processes have spent. */
  function isIncomplete(): boolean {
    const { recovering, processes, sinceEpochMs: connectedSince } = state.status();
    if (recovering || whileAway !== "share" || (processes ?? 1) === 1) return recovering;
    return clock.now() - connectedSince < SHARES_SENT_MS;
  }

  async function recover(): Promise<void> {
    if (!state.status().connected || !(await journal.replay())) return;
    const ended = shares;
    if (ended === null || isIncomplete()) return;
    try {
      await refresh(ended.used());
    } catch {
      // Away again.
      return;
    }
    shares = null;
    sinceEpochMs = null;
    logger.info("the store of budgets answers again; what was spent meanwhile is in it");
    onEnd();
  }

  return {
    shares: () => shares,
    sinceEpochMs: () => sinceEpochMs,
    begin() {
      if (shares === null) {
        const { processes, lastError, recovering } = state.status();
        shares = createShares(known, Math.max(1, processes ?? 1));
        sinceEpochMs = clock.now();
        if (recovering) logger.warn("the store of budgets has lost writes; processes send theirs again");
        else logger.warn("the store of budgets does not answer", { problem: lastError });
      }
      look();
    },
    wake: look,
    async idle() {
      await replaying;
      if (shares === null && journal.size() > 0) await journal.replay();
    },
    async close() {
      isClosed = true;
      cancelLook?.();
      await replaying;
      if (journal.size() > 0 && state.status().connected) await journal.replay();
      if (journal.size() > 0) {
        const entries = journal.size();
        if (folder === null) logger.error("settlements of budgets are lost: their store is away", { entries });
        else
          logger.warn("settlements of budgets are left to other processes: their store is away", { entries, folder });
      }
      await journal.close();
    },
  };
}
