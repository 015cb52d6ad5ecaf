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
  const entries = new Map<string, Seen>();
  return {
    note({ windows, epoch }) {
      for (const { key, spent, presumed, endEpochMs } of windows) {
        const known = entries.get(key);
        if (known !== undefined && known.epoch !== epoch) continue;
        // Deleted first, so that the order of the map is that of the latest use.
        entries.delete(key);
        if (spent + presumed === 0) continue;
        entries.set(key, { scope: { key, spent, presumed, endsInMs: null, endEpochMs }, epoch });
      }
      for (const oldest of entries.keys()) {
        if (entries.size <= MAX_WINDOWS) return;
        entries.delete(oldest);
      }
    },
    forgetOtherEpochs(epoch) {
      for (const [key, one] of entries) if (one.epoch !== epoch) entries.delete(key);
    },
    ofOtherEpochs(epoch, nowEpochMs) {
      const others = [...entries.values()].filter((one) => one.epoch !== epoch);
      return others
        .map(({ scope }) => scope)
        .filter(({ endEpochMs }) => endEpochMs === null || endEpochMs > nowEpochMs);
    },
  };
}
