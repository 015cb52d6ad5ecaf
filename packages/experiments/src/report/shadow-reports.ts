import type { ShadowSums } from "../rows/experiment-rows.ts";
import { sequentialTest } from "../statistics/sequential.ts";
import type { Comparing } from "./compare.ts";
import type { ShadowReport } from "./experiment-report.ts";
import { LEAST_UNITS } from "./verdict.ts";

/** The part of a report's input that shadows need. */
interface ShadowInput {
  readonly shadowMetrics: readonly string[];
  readonly judged: readonly string[];
  readonly shadows: readonly ShadowSums[];
}

/** The shadow arms. Their calls are copies, so each is its own sample. */
export function shadowReports(
  { shadowMetrics, judged, shadows }: ShadowInput,
  comparing: Comparing,
): readonly ShadowReport[] {
  return shadows.map(({ arm, calls, metrics: sums }) => {
    const named = shadowMetrics.map((name, index) => ({ name, ...(sums[index] ?? { count: 0, sum: 0, squares: 0 }) }));
    const means = named
      .filter(({ name }) => !judged.includes(name))
      .map(({ name, count, sum }) => [name, { known: count, mean: count === 0 ? null : sum / count }] as const);
    const preferred = named
      .filter(({ name }) => judged.includes(name))
      .map(({ name, count, sum, squares }) => [name, preferenceOf(count, sum, squares, comparing)] as const);
    return { arm, calls, metrics: Object.fromEntries(means), preferred: Object.fromEntries(preferred) };
  });
}

function preferenceOf(
  pairs: number,
  sum: number,
  squares: number,
  { plannedUnits, alpha }: Comparing,
): ShadowReport["preferred"][string] {
  if (pairs < LEAST_UNITS) return { pairs, share: pairs === 0 ? null : sum / pairs, interval: null };
  const share = sum / pairs;
  const variance = Math.max(0, (squares - pairs * share ** 2) / (pairs - 1)) / pairs;
  const { interval } = sequentialTest({ estimate: share, variance, units: pairs, plannedUnits, alpha });
  return { pairs, share, interval };
}
