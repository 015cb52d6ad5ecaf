/** No wait that a provider names is taken for longer: 24 h. */
export const LONGEST_WAIT_MS: number = 86_400_000;

/** A wait as a provider named it, in whole milliseconds, rounded up, from 0 to 24 h; `null` for what is not a number. */
export function toWaitMs(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(ms)));
}
