import type { Clock } from "../contract/clock.ts";
import type { LinkState } from "../contract/link.ts";

/** How a link stands, with its moment on the clock that people read. */
export interface EpochLinkState extends Omit<LinkState, "untilMonoMs"> {
  /** Until when it is not asked, epoch milliseconds; `null`: it may be. */
  readonly untilEpochMs: number | null;
}

/** Converts what a breaker says. */
export function toEpochLinkState({ untilMonoMs, ...state }: LinkState, clock: Clock): EpochLinkState {
  return { ...state, untilEpochMs: untilMonoMs === null ? null : clock.now() + untilMonoMs - clock.monotonic() };
}
