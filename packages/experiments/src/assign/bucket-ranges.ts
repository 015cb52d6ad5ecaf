/** A part of the hash: the start is included, the end is not. */
export type BucketRange = readonly [from: number, to: number];

const WHOLE = 10_000;

/**
 * The ranges of arms in their order, as GrowthBook's SDKs compute them (spec 0.8.0, `getBucketRange`): each arm's range begins where the
 * weights before it end, and `coverage` takes the first part of it, so that raising it moves no unit between arms. Weights that do not fit
 * the number of arms, or whose sum is not 1, count as equal. Boundaries are multiples of 0.0001, as the hash is, so that none is rounded.
 *
 * @param count - number of arms
 * @param coverage - from 0 to 1
 * @param weights - fractions; `null`: equal
 */
export function bucketRanges(
  count: number,
  coverage: number,
  weights: readonly number[] | null,
): readonly BucketRange[] {
  const share = Math.min(1, Math.max(0, coverage));
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0;
  const isUsable = weights?.length === count && sum > 0.99 && sum < 1.01;
  const equal = Array.from({ length: count }, () => 1 / count);
  let start = 0;
  return (isUsable && weights !== null ? weights : equal).map((weight) => {
    const from = start;
    start += weight * WHOLE;
    return [round(from), round(from + share * weight * WHOLE)];
  });
}

/** Removes the error of sums of fractions. */
const round = (tenThousandths: number): number => Number(tenThousandths.toFixed(6)) / WHOLE;

/** The index of the range that contains a bucket; -1: none does. */
export function chooseRange(bucket: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([from, to]) => bucket >= from && bucket < to);
}
