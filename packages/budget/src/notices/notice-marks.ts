import { createHash } from "node:crypto";
import type { Ledger } from "@babylon/shared-state";
import type { BudgetWindow } from "../contract/budget-window.ts";

/** Which notices were sent, by any process: each once per window, level and limit. */
export interface NoticeMarks {
  /** Takes a notice on, for a minute; `null`: it was sent, or is being sent elsewhere. */
  claim(window: BudgetWindow, nowEpochMs: number): Promise<NoticeClaim | null>;
}

/** A notice to be sent. */
export interface NoticeClaim {
  /** Marks the notice as sent, or gives it back. */
  end(wasSent: boolean): Promise<void>;
}

/** Longer than all tries of one notice. */
const CLAIM_MS = 60_000;

const MAX_SENT = 10_000;

/** Creates marks in a ledger: a budget of one for each notice. */
export function createNoticeMarks(ledger: Ledger, createId: () => string): NoticeMarks {
  /** Notices that are known to be sent. */
  const sent = new Set<string>();

  function remember(key: string): void {
    if (sent.size >= MAX_SENT) sent.clear();
    sent.add(key);
  }

  return {
    async claim(window, nowEpochMs) {
      const { key: windowKey, level, limit, per, endsAt } = window;
      const name = [level, limit, windowKey].join(" ");
      const key = `budget-notice|${createHash("sha256").update(name).digest("hex")}`;
      if (sent.has(key)) return null;
      const endsInMs =
        typeof per === "object" ? per.rollingMs : endsAt === null ? null : Math.max(1, endsAt - nowEpochMs);
      const id = createId();
      const answer = await ledger.reserve({ id, leaseMs: CLAIM_MS, scopes: [{ key, limit: 1, amount: 1, endsInMs }] });
      if (!answer.ok) {
        // Of a rolling period the same notice is due again later.
        if (answer.waitFor !== "holds" && typeof per !== "object") remember(key);
        return null;
      }
      return {
        async end(wasSent) {
          await ledger.settle(id, { spent: wasSent ? 1 : 0, presumed: 0 });
          if (wasSent && typeof per !== "object") remember(key);
        },
      };
    },
  };
}
