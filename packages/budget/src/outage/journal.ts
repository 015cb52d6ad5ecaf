import type { Logger } from "@babylon/llm-core";
import type { Ledger, ScopeSettlement } from "@babylon/shared-state";
import { StorageError } from "@babylon/shared-state";

/** Settlements that the ledger has not confirmed. */
export interface Journal {
  /** Adds the settlement of a reservation that the ledger may have. */
  add(id: string, scopes: readonly ScopeSettlement[]): void;
  /** Adds what was spent without a reservation of the ledger. Sums of one window are one entry. */
  addSums(scopes: readonly ScopeSettlement[]): void;
  /** The number of entries. */
  size(): number;
  /** Sends everything; each entry at least once, which the ledger books once. `false`: the ledger went away meanwhile. */
  replay(): Promise<boolean>;
}

/** Options of {@link createJournal}. */
export interface JournalOptions {
  readonly ledger: Pick<Ledger, "settle">;
  readonly createId: () => string;
  readonly logger: Logger;
}

/** The ledger takes up to 64 windows at once. */
const SCOPES_PER_ENTRY = 50;

/** Entries that are sent at the same time. */
const PARALLEL = 20;

/** Creates a journal in memory. */
export function createJournal({ ledger, createId, logger }: JournalOptions): Journal {
  const entries = new Map<string, readonly ScopeSettlement[]>();
  const sums = new Map<string, ScopeSettlement>();

  /** What is sent keeps its id: if the answer gets lost, the same entry is sent again. */
  function cutSums(): void {
    const all = [...sums.values()];
    sums.clear();
    for (let at = 0; at < all.length; at += SCOPES_PER_ENTRY)
      entries.set(createId(), all.slice(at, at + SCOPES_PER_ENTRY));
  }

  /** Whether the ledger has answered. */
  async function send(id: string, scopes: readonly ScopeSettlement[]): Promise<boolean> {
    try {
      await ledger.settle(id, { scopes });
    } catch (thrown) {
      if (thrown instanceof StorageError && thrown.code === "unavailable") return false;
      // It would be refused again and again.
      logger.error("a settlement is dropped: the store of budgets refused it", { problem: String(thrown) });
    }
    entries.delete(id);
    return true;
  }

  return {
    add: (id, scopes) => void entries.set(id, scopes),
    addSums(scopes) {
      for (const scope of scopes) {
        const { spent = 0, presumed = 0 } = sums.get(scope.key) ?? {};
        if (scope.spent + scope.presumed === 0) continue;
        sums.set(scope.key, { ...scope, spent: spent + scope.spent, presumed: presumed + scope.presumed });
      }
    },
    size: () => entries.size + sums.size,
    async replay() {
      cutSums();
      const waiting = [...entries];
      for (let at = 0; at < waiting.length; at += PARALLEL) {
        const answered = await Promise.all(waiting.slice(at, at + PARALLEL).map(([id, scopes]) => send(id, scopes)));
        if (answered.includes(false)) return false;
      }
      return true;
    },
  };
}
