import { countUpTo } from "@babylon/llm-core/sketch";
import { HISTOGRAM_EDGES } from "../metrics/histogram-edges.ts";
import type { Durations } from "../metrics/metrics.ts";
import type { HistogramSample, Labels } from "./exposition.ts";

/** The buckets of a sketch at the edges of the conventions; exact, because each of them is an edge of the sketch. */
export const toHistogram = (labels: Labels, { sketch, totalMs }: Durations): HistogramSample => ({
  labels,
  // Edge by its number: 0.64 s times 1,000 is not exactly 640 ms.
  buckets: HISTOGRAM_EDGES.map((edge, at) => [edge, countUpTo(sketch, 10 * 2 ** at)]),
  count: sketch.count,
  sum: totalMs / 1_000,
});
