/** How long a waiting process keeps its place without asking again, milliseconds. */
export const PLACE_MS = 300;

/** Longest delay between two asks of a waiting process: a freed slot stays unused no longer. */
const MAX_WAIT_MS = 50;

/**
 * Delay after which a waiting process asks again, milliseconds.
 *
 * Processes are granted slots in the order in which they began to wait: a slot that is free is reserved for those ahead as long as they
 * keep asking. The first in line asks most often.
 *
 * @param ahead - the number of processes before it
 */
export function waitMsOf(ahead: number): number {
  return Math.min(MAX_WAIT_MS, 10 + 5 * ahead);
}
