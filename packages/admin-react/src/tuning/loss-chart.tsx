import type { JournalEvent } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";
import type { Chart } from "../charts/chart.ts";
import { SeriesChart } from "../charts/series-chart.tsx";
import { formatCount } from "../words/format-count.ts";
import type { PeriodFormat } from "../words/format-period.ts";

/** More points than pixels say nothing more. */
const MAX_POINTS = 300;

/** The chart of a loss, and the first step of each point. */
export interface LossChartData {
  readonly chart: Chart;
  readonly steps: readonly number[];
  /** The steps of one point, of which the mean is drawn. */
  readonly each: number;
}

/** The chart of the losses that were reported; `null`: none was. Pure. */
export function buildLossChart(events: readonly JournalEvent[]): LossChartData | null {
  const points = events.flatMap(({ event }) => (event.type === "step" ? [event] : []));
  if (points.every(({ loss }) => loss === null)) return null;
  const each = Math.max(1, Math.ceil(points.length / MAX_POINTS));
  const starts = points.filter((_, at) => at % each === 0);
  const values = starts.map((_, at) => {
    const losses = points.slice(at * each, (at + 1) * each).flatMap(({ loss }) => (loss === null ? [] : [loss]));
    return losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  });
  const chart: Chart = {
    key: "loss",
    title: "Loss",
    unit: "figure",
    kind: "lines",
    series: [{ key: "loss", name: "Training loss", color: 1, values }],
    noValue: "unknown",
    columns: [],
    note: each === 1 ? null : `Each point is the mean of ${each} steps.`,
  };
  return { chart, steps: starts.map(({ step }) => step), each };
}

/** The loss of a job over its steps. */
export function LossChart({ events }: { readonly events: readonly JournalEvent[] }): ReactElement {
  const data = buildLossChart(events);
  if (data === null) return <p className="bm-card bm-empty">No loss has been reported yet.</p>;
  const { chart, steps, each } = data;
  const format: PeriodFormat = {
    short: formatCount,
    long: (step) =>
      each === 1 ? `Step ${formatCount(step)}` : `Steps ${formatCount(step)} to ${formatCount(step + each - 1)}`,
    isMidnight: () => false,
  };
  return <SeriesChart chart={chart} periods={steps} format={format} periodWord="Step" cursorWord="step" />;
}
