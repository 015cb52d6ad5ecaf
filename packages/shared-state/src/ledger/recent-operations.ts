import type { HoldInput, HoldScope, SettleInput } from "../contract/state-engine.ts";

/**
 * What this process has reserved and settled lately, as the engine has confirmed it. A replica that took over may have lost the last
 * writes of its primary, and a server without a sync per write its last second: sent again, each counts once, by its id.
 */
export interface RecentOperations {
  reserved(input: HoldInput, nowEpochMs: number): void;
  settled(input: SettleInput): void;
  /** Forgets all of them. */
  clear(): void;
  /** In the order in which they have to be sent: holds first. */
  list(): { readonly holds: readonly HoldInput[]; readonly settlements: readonly SettleInput[] };
}

/** Replicas lag by less. */
const KEEP_MS = 30_000;

/** The oldest ids are forgotten beyond this number. */
const MAX_IDS = 20_000;

/** Confirmed already, so no limit may refuse it now. */
const NO_LIMIT = 9e15;

interface Operations {
  readonly atMonoMs: number;
  readonly hold: HoldInput | null;
  readonly settlement: SettleInput | null;
}

/** Creates an empty memory. */
export function createRecentOperations(monotonic: () => number): RecentOperations {
  const byId = new Map<string, Operations>();

  function forget(): void {
    const before = monotonic() - KEEP_MS;
    for (const [id, { atMonoMs }] of byId) {
      if (atMonoMs >= before && byId.size <= MAX_IDS) return;
      byId.delete(id);
    }
  }

  function note(id: string, operations: Omit<Operations, "atMonoMs">): void {
    // Deleted first, so that the order of the map is that of time.
    byId.delete(id);
    byId.set(id, { ...operations, atMonoMs: monotonic() });
    forget();
  }

  return {
    reserved(input, nowEpochMs) {
      note(input.id, {
        hold: { ...input, scopes: input.scopes.map((scope) => toResent(scope, nowEpochMs)) },
        settlement: null,
      });
    },
    settled(input) {
      note(input.id, { hold: byId.get(input.id)?.hold ?? null, settlement: input });
    },
    clear: () => byId.clear(),
    list() {
      forget();
      const all = [...byId.values()];
      return {
        holds: all.flatMap(({ hold }) => hold ?? []),
        settlements: all.flatMap(({ settlement }) => settlement ?? []),
      };
    },
  };
}

/** A scope in the window that has reserved, also after its end. */
function toResent({ key, amount, endEpochMs, endsInMs }: HoldScope, nowEpochMs: number): HoldScope {
  const end = endEpochMs ?? (endsInMs === null ? null : nowEpochMs + endsInMs);
  return { key, amount, limit: NO_LIMIT, startEpochMs: null, endEpochMs: end, endsInMs: null };
}
