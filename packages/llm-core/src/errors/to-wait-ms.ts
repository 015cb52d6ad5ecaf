/** Upper bound of a wait that a provider names: 24 h. */
export const LONGEST_WAIT_MS: number = 86_400_000;

/** Normalizes a wait that a provider named: whole milliseconds, rounded up, from 0 to 24 h; `null` for `NaN`. */
export function toWaitMs(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil(ms)));
}
