/** Delays between attempts after failures. */
export interface BackoffOptions {
  /** The delay after the first failure, milliseconds. */
  readonly minMs: number;
  /** The longest delay before jitter, milliseconds. */
  readonly maxMs: number;
}

/** The delay after a number of consecutive failures: exponential, capped at `maxMs`, plus up to 25 % jitter so that processes spread out. */
export function reconnectDelayMs(failures: number, { minMs, maxMs }: BackoffOptions, random: () => number): number {
  const doubled = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
  return doubled * (1 + 0.25 * random());
}
