import type { Clock } from "../contract/clock.ts";
import type { LinkState } from "../contract/link.ts";

/** The state of a link, with its end as wall-clock time. */
export interface EpochLinkState extends Omit<LinkState, "untilMonoMs"> {
  /** Until when it is not called, epoch milliseconds; `null`: it may be called. */
  readonly untilEpochMs: number | null;
}

/** Converts the state from a breaker. */
export function toEpochLinkState({ untilMonoMs, ...state }: LinkState, clock: Clock): EpochLinkState {
  return { ...state, untilEpochMs: untilMonoMs === null ? null : clock.now() + untilMonoMs - clock.monotonic() };
}
