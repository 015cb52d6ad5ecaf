import type { Breaker } from "../contract/breaker.ts";
import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import { type EpochLinkState, toEpochLinkState } from "./epoch-link-state.ts";
import type { LinkStats } from "./link-stats.ts";

/** The links as plans see them. As long as every link reads the same, it is the same object. */
export interface HealthView {
  stateOf(link: LinkRef): EpochLinkState;
}

/** A wall clock that has been set by more than this moves the moments that plans name. */
const CLOCK_STEP_MS = 1_000;

/** Gives the view of the moment. Without the epoch of a breaker, it is another one each time. */
export function createHealthViews(breaker: Breaker, stats: LinkStats, clock: Clock): () => HealthView {
  let latest: HealthView | null = null;
  let epoch = 0;
  let dropped = 0;
  /** Of a view that has named a moment: how far the clocks were apart. */
  let clocksApartMs: number | null = null;

  const apartMs = (): number => clock.now() - clock.monotonic();

  function begin(): HealthView {
    clocksApartMs = null;
    return {
      stateOf(link) {
        stats.see(link);
        const state = breaker.read(link);
        if (state.untilMonoMs !== null) clocksApartMs = apartMs();
        return toEpochLinkState(state, clock);
      },
    };
  }

  return () => {
    const now = breaker.epoch?.();
    // Links that the figures have dropped meanwhile are seen again.
    const isSame = now === epoch && dropped === stats.dropped();
    const isSet = clocksApartMs !== null && Math.abs(apartMs() - clocksApartMs) > CLOCK_STEP_MS;
    if (latest !== null && isSame && !isSet) return latest;
    epoch = now ?? 0;
    dropped = stats.dropped();
    latest = begin();
    return latest;
  };
}
