/**
 * The value below or at which a share of the values lies (nearest rank, so it is always one of them).
 *
 * @param share - above 0, at most 1: 0.5 for the median
 * @returns `null` when there are no values
 */
export function nearestRank(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
