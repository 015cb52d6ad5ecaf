/** How long a waiting process keeps its place without asking again, milliseconds. */
export const PLACE_MS = 300;

/** How often waiting processes ask. */
export interface Pace {
  /** The delay of the first in line, milliseconds. */
  readonly firstMs: number;
  /** What each place adds. */
  readonly perPlaceMs: number;
}

/** Where an ask costs well below a millisecond. */
export const FAST_PACE: Pace = { firstMs: 5, perPlaceMs: 3 };

/** Where an ask is a transaction that is written to the disk. */
export const SLOW_PACE: Pace = { firstMs: 15, perPlaceMs: 8 };

/** Longest delay between two asks of a waiting process. */
const MAX_WAIT_MS = 75;

/**
 * Delay after which a waiting process asks again, milliseconds.
 *
 * Processes are granted slots in the order in which they began to wait: a slot that is free is reserved for those ahead as long as they
 * keep asking. The first in line asks most often.
 *
 * @param ahead - the number of processes before it
 */
export function waitMsOf(ahead: number, { firstMs, perPlaceMs }: Pace): number {
  return Math.min(MAX_WAIT_MS, firstMs + perPlaceMs * ahead);
}
