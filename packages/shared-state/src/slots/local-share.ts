import type { Lease } from "@babylon/llm-core";

/** Leases of this process alone, for an outage. */
export interface LocalShare {
  /** Counts a lease that the engine granted, until the returned function is called. */
  count(key: string): () => void;
  /** A lease, if this process has fewer than its share; `null`: it has not. */
  take(key: string, share: number): Lease | null;
}

/** Creates the count of no leases. */
export function createLocalShare(): LocalShare {
  const counts = new Map<string, number>();

  function count(key: string): () => void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      const rest = (counts.get(key) ?? 1) - 1;
      if (rest > 0) counts.set(key, rest);
      else counts.delete(key);
    };
  }

  return {
    count,
    take(key, share) {
      if ((counts.get(key) ?? 0) >= share) return null;
      const release = count(key);
      // Nobody else knows of it, so it does not end.
      return { renew: async () => true, release };
    },
  };
}
