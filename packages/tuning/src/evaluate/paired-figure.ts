import type { EvaluationInterval, PairedFigure } from "./evaluation-report.ts";

/** A value of the candidate and one of the baseline for the same example; `null`: not known. */
export type ValuePair = readonly [candidate: number | null, baseline: number | null];

/** The quantile of the standard normal distribution for 95 %, both sides. */
const Z = 1.959963984540054;
/** Fewer pairs have no interval: the mean is not near enough to normal. */
export const LEAST_PAIRS = 20;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means and the interval of the mean difference. Pure. */
export function pairedFigure(pairs: readonly ValuePair[], kind: "score" | "amount"): PairedFigure {
  const known = pairs.filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
  if (known.length === 0) return { pairs: 0, candidate: null, baseline: null, difference: null, interval: null };
  const differences = known.map(([candidate, baseline]) => candidate - baseline);
  return {
    pairs: known.length,
    candidate: mean(known.map(([candidate]) => candidate)),
    baseline: mean(known.map(([, baseline]) => baseline)),
    difference: mean(differences),
    interval: known.length < LEAST_PAIRS ? null : intervalOf(differences, kind),
  };
}

/**
 * Scores from 0 to 1: half a pair is added for each of the four outcomes, so that a sample without any difference still has an interval
 * (A. Agresti and Y. Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in Medicine 24, 2005). Amounts: the normal
 * interval of the mean difference.
 */
function intervalOf(differences: readonly number[], kind: "score" | "amount"): EvaluationInterval {
  const added = kind === "score" ? 2 : 0;
  const n = differences.length + added;
  const center = differences.reduce((sum, value) => sum + value, 0) / n;
  const squares = differences.reduce((sum, value) => sum + value * value, 0) + added / 2;
  const variance = kind === "score" ? squares / n - center * center : ((squares / n - center * center) * n) / (n - 1);
  const half = Z * Math.sqrt(Math.max(0, variance) / n);
  return kind === "score" ? [Math.max(-1, center - half), Math.min(1, center + half)] : [center - half, center + half];
}
