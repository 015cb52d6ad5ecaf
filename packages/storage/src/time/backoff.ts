/** How long to wait after failures. */
export interface BackoffOptions {
  /** After the first failure, milliseconds. */
  readonly minMs: number;
  /** The longest wait, milliseconds. */
  readonly maxMs: number;
}

/** The wait after a number of failures in a row: doubles, is capped, and is up to a quarter longer so that processes spread out. */
export function backoffMs(failures: number, { minMs, maxMs }: BackoffOptions, random: () => number): number {
  const doubled = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
  return doubled * (1 + 0.25 * random());
}
