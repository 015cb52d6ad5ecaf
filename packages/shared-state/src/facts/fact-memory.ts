import type { Clock } from "@babylon/llm-core";
import type { VendorFact } from "../contract/facts.ts";

/** Remembers facts that were said, or heard. */
export interface FactMemory {
  /** Whether the fact is not remembered, or ends later than the one that is; remembers it. */
  isNew(fact: VendorFact): boolean;
  forget(fact: VendorFact): void;
}

/** A fact that ends later by less than this is the same one. */
const SAME_END_MS = 500;

const MAX_FACTS = 1_000;

const idOf = ({ code, key }: VendorFact): string => `${code}\n${key}`;

/** Creates an empty memory. */
export function createFactMemory(clock: Clock): FactMemory {
  const endMonoMs = new Map<string, number>();
  return {
    isNew(fact) {
      const now = clock.monotonic();
      const end = now + fact.forMs;
      const id = idOf(fact);
      const known = endMonoMs.get(id);
      if (known !== undefined && known > now && known + SAME_END_MS >= end) return false;
      if (endMonoMs.size >= MAX_FACTS)
        for (const [other, ended] of endMonoMs) if (ended <= now) endMonoMs.delete(other);
      if (endMonoMs.size < MAX_FACTS) endMonoMs.set(id, end);
      return true;
    },
    forget: (fact) => void endMonoMs.delete(idOf(fact)),
  };
}
