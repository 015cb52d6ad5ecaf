import type { Clock } from "@babylon/llm-core";
import type { Stamp, StateEngine } from "../contract/state-engine.ts";
import { ledgerOnRows } from "../ledger/ledger-on-rows.ts";
import { createMemoryFacts } from "./memory-facts.ts";
import { createMemoryLedgerRows } from "./memory-ledger-rows.ts";
import { createMemorySlots } from "./memory-slots.ts";

/** Creates an engine in the memory of this process; several states may share it. */
export function createMemoryEngine(clock: Clock, epoch: string): StateEngine {
  let latestEpochMs = Number.NEGATIVE_INFINITY;
  /** Never goes back, unlike the wall clock. */
  const now = (): number => {
    latestEpochMs = Math.max(latestEpochMs, clock.now());
    return latestEpochMs;
  };
  const stamp = (): Stamp => ({ nowEpochMs: now(), epoch });
  const rows = createMemoryLedgerRows();
  const slots = createMemorySlots(now);
  const facts = createMemoryFacts(now);
  const kept = new Map<string, string>();
  const alive = new Map<string, number>();

  return {
    kind: "memory",
    location: "memory",
    reserve: async (input) => ledgerOnRows.reserve(rows, stamp(), input),
    settle: async (input) => ledgerOnRows.settle(rows, stamp(), input),
    sums: async (keys) => ledgerOnRows.sums(rows, stamp(), keys),
    keys: async ({ prefix }) => ({ keys: [...rows.keys()].filter((key) => key.startsWith(prefix)), cursor: null }),
    writeOff: async (input) => ledgerOnRows.writeOff(rows, stamp(), input),
    writeOffs: async (limit) => rows.writeOffs().slice(0, limit),
    // The memory of a process is never emptied before the process ends.
    restore: async () => ({ ...stamp(), windows: [] }),
    acquire: async (input) => slots.acquire(input),
    renew: async (key, lease, ttlMs) => slots.renew(key, lease, ttlMs),
    release: async (key, lease) => slots.release(key, lease),
    say: async (fact) => facts.say(fact),
    facts: async () => facts.facts(),
    subscribe: async (listener) => facts.subscribe(listener),
    async beat({ processId, ttlMs }) {
      const at = stamp();
      for (const [id, end] of alive) if (end <= at.nowEpochMs) alive.delete(id);
      alive.set(processId, at.nowEpochMs + ttlMs);
      return { ...at, generation: epoch, processes: alive.size, settled: alive.size };
    },
    async keep(name, value) {
      const known = kept.get(name);
      if (known === undefined) kept.set(name, value);
      return known ?? value;
    },
    async remember(name, value) {
      kept.set(name, value);
    },
    remembered: async (prefix) => [...kept].filter(([name]) => name.startsWith(prefix)),
    onReconnect() {},
    onProgress() {},
    close: async () => {},
  };
}
