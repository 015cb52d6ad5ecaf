import type { Logger } from "@babylon/llm-core";
import type { Ledger, ScopeSettlement } from "@babylon/shared-state";
import { StorageError } from "@babylon/shared-state";
import type { JournalEntry, JournalFile } from "./journal-file.ts";

/**
 * Settlements that the ledger has not confirmed: in memory, and in a file, from which another process sends them if this one dies. The
 * ledger books an id once, and remembers it for two days, so sending one again changes nothing.
 */
export interface Journal {
  /** Adds the settlement of a reservation that the ledger may have. */
  add(id: string, scopes: readonly ScopeSettlement[]): void;
  /**
   * Notes an attempt without a reservation of the ledger, with all that it may spend as presumed. Resolves when that is stored, with its
   * id; `null`: the journal is full.
   */
  hold(scopes: readonly ScopeSettlement[]): Promise<string | null>;
  /** Replaces a hold by what was spent. Sums of one window are one entry. */
  settle(hold: string, scopes: readonly ScopeSettlement[]): void;
  /** Takes over the entries of a process that has ended. Resolves when they are stored. */
  adopt(entries: readonly JournalEntry[]): Promise<void>;
  /** The number of entries that wait to be sent. */
  size(): number;
  /** Sends everything; each entry at least once, which the ledger books once. `false`: the ledger went away meanwhile. */
  replay(): Promise<boolean>;
  /** Leaves what was not sent to other processes. */
  close(): Promise<void>;
}

/** Options of {@link createJournal}. */
export interface JournalOptions {
  readonly ledger: Pick<Ledger, "settle">;
  readonly file: JournalFile;
  readonly createId: () => string;
  readonly logger: Logger;
}

/** Entries of holds and of windows at most: beyond, attempts are not noted. */
const MAX_ENTRIES = 20_000;

/** Entries that are sent at the same time. */
const PARALLEL = 20;

/** Creates a journal. */
export function createJournal({ ledger, file, createId, logger }: JournalOptions): Journal {
  /** To be sent. What is sent keeps its id: if the answer gets lost, the same entry is sent again. */
  const entries = new Map<string, readonly ScopeSettlement[]>();
  /** Ids of entries by their window, to which more may be added: none of them was sent. */
  const open = new Map<string, string>();
  const held = new Set<string>();

  const settled = (id: string): JournalEntry => ({ id, kind: "settled", scopes: entries.get(id) ?? [] });

  /** Adds to the entry of a window, and returns its id. */
  function addTo(scope: ScopeSettlement): string {
    const id = open.get(scope.key) ?? createId();
    const { spent = 0, presumed = 0 } = entries.get(id)?.[0] ?? {};
    open.set(scope.key, id);
    entries.set(id, [{ ...scope, spent: spent + scope.spent, presumed: presumed + scope.presumed }]);
    return id;
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

  const isEmpty = (): boolean => entries.size === 0 && held.size === 0;

  function discardIfEmpty(): void {
    if (isEmpty()) void file.discard(isEmpty);
  }

  return {
    add(id, scopes) {
      entries.set(id, scopes);
      void file.write([settled(id)], []);
    },
    async hold(scopes) {
      if (entries.size + held.size >= MAX_ENTRIES) return null;
      const id = createId();
      held.add(id);
      await file.write([{ id, kind: "held", scopes }], []);
      return id;
    },
    settle(hold, scopes) {
      if (!held.delete(hold) && scopes.length === 0) return;
      const ids = scopes.filter(({ spent, presumed }) => spent + presumed > 0).map(addTo);
      void file.write(ids.map(settled), [hold]);
      discardIfEmpty();
    },
    adopt(adopted) {
      for (const { id, scopes } of adopted) entries.set(id, scopes);
      return file.write(
        adopted.map(({ id }) => settled(id)),
        [],
      );
    },
    size: () => entries.size,
    async replay() {
      open.clear();
      const waiting = [...entries];
      for (let at = 0; at < waiting.length; at += PARALLEL) {
        const some = waiting.slice(at, at + PARALLEL);
        const answered = await Promise.all(some.map(([id, scopes]) => send(id, scopes)));
        void file.write(
          [],
          some.flatMap(([id]) => (entries.has(id) ? [] : [id])),
        );
        if (answered.includes(false)) return false;
      }
      discardIfEmpty();
      return true;
    },
    close: () => file.close(),
  };
}
