import type { Logger } from "@babylon/llm-core";
import { type Ledger, type ScopeSettlement, StorageError } from "@babylon/shared-state";
import type { AttemptCharges } from "../ask/charges-of.ts";
import type { Journal } from "../outage/journal.ts";
import type { Outage } from "../outage/outage.ts";
import type { KnownWindows } from "./known-windows.ts";
import type { Target } from "./target.ts";

/** Amounts that are held for an attempt. */
export interface Reservation {
  /** Who knows it. `journal`: it was made during an outage. */
  readonly at: "ledger" | "journal";
  readonly id: string;
  readonly targets: readonly Target[];
}

/** Replaces holds by what attempts have cost. */
export interface Settler {
  /** Returns at once and never throws. */
  settle(reservation: Reservation, charges: AttemptCharges): void;
  /** Gives back a hold that the ledger may have, and that no attempt uses. */
  withdraw(id: string, targets: readonly Target[]): void;
  /** Resolves when the ledger has answered everything that was sent. */
  idle(): Promise<void>;
}

/** Options of {@link createSettler}. */
export interface SettlerOptions {
  readonly ledger: Pick<Ledger, "settle">;
  readonly known: KnownWindows;
  readonly journal: Journal;
  readonly outage: Outage;
  readonly logger: Logger;
}

/** Creates the settler. */
export function createSettler({ ledger, known, journal, outage, logger }: SettlerOptions): Settler {
  const sent = new Set<Promise<void>>();

  async function send(id: string, scopes: readonly ScopeSettlement[]): Promise<void> {
    try {
      await ledger.settle(id, { scopes });
    } catch (thrown) {
      if (thrown instanceof StorageError && thrown.code === "unavailable") {
        journal.add(id, scopes);
        outage.begin();
      } else logger.error("a settlement is dropped: the store of budgets refused it", { problem: String(thrown) });
    }
  }

  function sendOrKeep(id: string, scopes: readonly ScopeSettlement[]): void {
    if (outage.shares() !== null) {
      journal.add(id, scopes);
      outage.wake();
      return;
    }
    const sending = send(id, scopes).finally(() => sent.delete(sending));
    sent.add(sending);
  }

  return {
    settle({ at, id, targets }, charges) {
      const shares = outage.shares();
      const scopes = targets.map((target): ScopeSettlement => {
        const { spent, presumed } = charges[target.compiled.unit];
        const unused = target.amount - spent - presumed;
        if (at === "journal") shares?.add(target.leftKey, unused);
        else known.add(target.leftKey, unused);
        return { key: target.key, spent, presumed, ...target.end };
      });
      if (at === "journal") {
        journal.settle(id, scopes);
        outage.wake();
      } else sendOrKeep(id, scopes);
    },
    withdraw(id, targets) {
      sendOrKeep(
        id,
        targets.map(({ key, end }) => ({ key, spent: 0, presumed: 0, ...end })),
      );
    },
    async idle() {
      while (sent.size > 0) await Promise.all(sent);
    },
  };
}
