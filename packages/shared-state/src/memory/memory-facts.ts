import type { VendorFact } from "../contract/facts.ts";
import type { FactFeed, FactFeedListener } from "../contract/state-engine.ts";

/** The facts of a memory engine. */
export interface MemoryFacts {
  say(fact: VendorFact): void;
  facts(): readonly VendorFact[];
  subscribe(listener: FactFeedListener): FactFeed;
}

/** Creates an empty set of facts. */
export function createMemoryFacts(now: () => number): MemoryFacts {
  const facts = new Map<string, { readonly fact: VendorFact; readonly endEpochMs: number }>();
  const listeners = new Set<FactFeedListener>();

  function sweep(nowEpochMs: number): void {
    for (const [id, { endEpochMs }] of facts) if (endEpochMs <= nowEpochMs) facts.delete(id);
  }

  return {
    say(fact) {
      const nowEpochMs = now();
      sweep(nowEpochMs);
      const id = `${fact.code}\n${fact.key}`;
      const endEpochMs = nowEpochMs + fact.forMs;
      if ((facts.get(id)?.endEpochMs ?? 0) < endEpochMs) facts.set(id, { fact, endEpochMs });
      for (const listener of [...listeners]) listener.onFact(fact);
    },
    facts() {
      const nowEpochMs = now();
      sweep(nowEpochMs);
      return [...facts.values()].map(({ fact, endEpochMs }) => ({ ...fact, forMs: endEpochMs - nowEpochMs }));
    },
    subscribe(listener) {
      listeners.add(listener);
      return { close: () => void listeners.delete(listener) };
    },
  };
}
