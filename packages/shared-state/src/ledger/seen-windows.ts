import type { SettleScope, SumsReply } from "../contract/state-engine.ts";

/** The sums of windows as this process last saw them. */
export interface SeenWindows {
  /** Notes the sums of a reply, except of windows with sums of another epoch. */
  note(reply: SumsReply): void;
  /** Sums of other epochs than this one, without windows that have ended. */
  ofOtherEpochs(epoch: string, nowEpochMs: number): readonly SettleScope[];
  /** Forgets sums of other epochs than this one: they were handed in. */
  forgetOtherEpochs(epoch: string): void;
}

interface Seen {
  readonly scope: SettleScope;
  readonly epoch: string;
}

/** The windows that were not seen for longest are forgotten beyond this number. */
const MAX_WINDOWS = 10_000;

/** Creates an empty memory of windows. */
export function createSeenWindows(): SeenWindows {
  const seen = new Map<string, Seen>();
  return {
    note({ windows, epoch }) {
      for (const { key, spent, presumed, endEpochMs } of windows) {
        const known = seen.get(key);
        if (known !== undefined && known.epoch !== epoch) continue;
        // Deleted first, so that the order of the map is that of the latest use.
        seen.delete(key);
        if (spent + presumed === 0) continue;
        seen.set(key, { scope: { key, spent, presumed, endsInMs: null, endEpochMs }, epoch });
      }
      for (const oldest of seen.keys()) {
        if (seen.size <= MAX_WINDOWS) return;
        seen.delete(oldest);
      }
    },
    forgetOtherEpochs(epoch) {
      for (const [key, one] of seen) if (one.epoch !== epoch) seen.delete(key);
    },
    ofOtherEpochs(epoch, nowEpochMs) {
      const others = [...seen.values()].filter((one) => one.epoch !== epoch);
      return others
        .map(({ scope }) => scope)
        .filter(({ endEpochMs }) => endEpochMs === null || endEpochMs > nowEpochMs);
    },
  };
}
