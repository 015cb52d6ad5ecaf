import { type Clock, type SharedSlots, systemClock } from "@babylon/llm-core";

/** Options of {@link memorySlots}. */
export interface MemorySlotsOptions {
  /** Default: the platform's. */
  readonly clock?: Clock | undefined;
  /** The `waitMs` that is returned if no slot is free. Default 10 ms. */
  readonly waitMs?: number | undefined;
}

/** In-memory slots, which simulate shared slots for several clients in one process. */
export interface MemorySlots extends SharedSlots {
  /** The number of active leases, of all keys or of one. */
  held(key?: string): number;
  /** The maximum number of simultaneous leases. */
  readonly most: number;
  readonly renewals: number;
  readonly keys: ReadonlySet<string>;
}

interface Place {
  readonly key: string;
  expiresAtMonoMs: number;
}

/** Creates slots without leases. */
export function memorySlots({ clock = systemClock, waitMs = 10 }: MemorySlotsOptions = {}): MemorySlots {
  const places = new Set<Place>();
  const keys = new Set<string>();
  let most = 0;
  let renewals = 0;

  function held(key?: string): number {
    const now = clock.monotonic();
    for (const place of places) if (place.expiresAtMonoMs <= now) places.delete(place);
    return key === undefined ? places.size : [...places].filter((place) => place.key === key).length;
  }

  return {
    held,
    keys,
    get most() {
      return most;
    },
    get renewals() {
      return renewals;
    },
    async acquire(key, limit, ttlMs) {
      keys.add(key);
      if (held(key) >= limit) return { waitMs };
      const place: Place = { key, expiresAtMonoMs: clock.monotonic() + ttlMs };
      places.add(place);
      most = Math.max(most, places.size);
      return {
        async renew() {
          renewals += 1;
          held();
          if (!places.has(place)) return false;
          place.expiresAtMonoMs = clock.monotonic() + ttlMs;
          return true;
        },
        async release() {
          places.delete(place);
        },
      };
    },
  };
}
