import type { Clock, Lease, Logger } from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { BudgetWindow } from "../contract/budget-window.ts";
import { checkNotices } from "./check-notices.ts";
import { createNoticeMarks, type NoticeClaim } from "./notice-marks.ts";
import type { NoticeOptions } from "./notice-options.ts";
import { type NoticeTarget, sendNotice } from "./send-notice.ts";

/** Options of {@link startNotices}. */
export interface StartNoticesOptions {
  readonly notices: NoticeOptions;
  readonly state: SharedState;
  readonly status: () => Promise<readonly BudgetWindow[]>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly createId: () => string;
}

const DEFAULT_EVERY_MS = 10_000;

/** Notices of one round; what is left over is sent in the next one. */
const MAX_NOTICES = 20;

/** The lease of the one process that sends notices. */
const LEASE_KEY = "budget-notices";

/** Starts the rounds. Returns the function that ends them. */
export function startNotices({
  notices,
  state,
  status,
  clock,
  logger,
  createId,
}: StartNoticesOptions): () => Promise<void> {
  const url = checkNotices(notices);
  const { secret, everyMs = DEFAULT_EVERY_MS, fetch = globalThis.fetch } = notices;
  const closing = new AbortController();
  const target: NoticeTarget = { url, secret, fetch, clock, abortSignal: closing.signal };
  const marks = createNoticeMarks(state.ledger, createId);
  let lease: Lease | null = null;
  let cancel = (): void => {};
  let round: Promise<void> = Promise.resolve();

  /** Whether this process is the one that sends notices. */
  async function leads(): Promise<boolean> {
    if (lease !== null && (await lease.renew())) return true;
    const given = await state.slots.acquire(LEASE_KEY, 1, 3 * everyMs + 1_000);
    lease = "renew" in given ? given : null;
    return lease !== null;
  }

  async function deliver(window: BudgetWindow, claim: NoticeClaim): Promise<void> {
    const wasSent = await sendNotice(target, { type: `budget.${window.level}`, window });
    await claim.end(wasSent);
    if (!wasSent && !closing.signal.aborted)
      logger.warn("a notice of a budget could not be sent", { rule: window.rule });
  }

  async function runRound(): Promise<void> {
    const sending: Promise<void>[] = [];
    try {
      if (!(await leads())) return;
      const now = await state.ledger.serverEpochMs();
      for (const window of await status()) {
        if (window.level !== "near" && window.level !== "over") continue;
        if (sending.length >= MAX_NOTICES || closing.signal.aborted) break;
        const claim = await marks.claim(window, now);
        if (claim !== null) sending.push(deliver(window, claim));
      }
    } catch (thrown) {
      // The store is away: the next round finds the same.
      logger.debug("budgets could not be looked at for notices", { problem: String(thrown) });
    }
    await Promise.allSettled(sending);
  }

  function schedule(): void {
    cancel = startBackgroundTimer(clock, everyMs, () => {
      round = runRound().finally(() => {
        if (!closing.signal.aborted) schedule();
      });
    });
  }

  schedule();
  return async () => {
    closing.abort();
    cancel();
    await round;
    await Promise.resolve(lease?.release()).catch(() => {});
  };
}
