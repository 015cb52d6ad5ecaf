import type { Breaker } from "../contract/breaker.ts";
import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import { type EpochLinkState, toEpochLinkState } from "./epoch-link-state.ts";
import type { LinkStats } from "./link-stats.ts";

/** The link states for plans. The same object as long as no state changes. */
export interface HealthView {
  stateOf(link: LinkRef): EpochLinkState;
}

/** A change of the wall clock by more than this makes the times in a view invalid. */
const CLOCK_STEP_MS = 1_000;

/** Returns a function that gives the current view. If the breaker has no `epoch`, each view is new. */
export function createHealthViews(breaker: Breaker, stats: LinkStats, clock: Clock): () => HealthView {
  let latest: HealthView | null = null;
  let epoch = 0;
  let dropped = 0;
  /** Wall clock minus monotonic clock when the view first returned a time; `null`: none returned. */
  let clocksApartMs: number | null = null;

  const apartMs = (): number => clock.now() - clock.monotonic();

  function begin(): HealthView {
    clocksApartMs = null;
    return {
      stateOf(link) {
        stats.track(link);
        const state = breaker.read(link);
        if (state.untilMonoMs !== null) clocksApartMs = apartMs();
        return toEpochLinkState(state, clock);
      },
    };
  }

  return () => {
    const now = breaker.epoch?.();
    // A new view tracks again the links that the statistics have dropped.
    const isSame = now === epoch && dropped === stats.dropped();
    const isSet = clocksApartMs !== null && Math.abs(apartMs() - clocksApartMs) > CLOCK_STEP_MS;
    if (latest !== null && isSame && !isSet) return latest;
    epoch = now ?? 0;
    dropped = stats.dropped();
    latest = begin();
    return latest;
  };
}
