import { scaleLinear } from "d3-scale";
import { line, stack } from "d3-shape";
import type { Chart } from "./chart.ts";

/** The drawing area, CSS pixels. */
export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** One series as the data of an SVG path. */
export interface PlotPath {
  readonly key: string;
  readonly d: string;
}

/** A drawn chart: its paths, and where values are. */
export interface Plot {
  readonly paths: readonly PlotPath[];
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  /** The width of one period. */
  readonly step: number;
}

const TICKS = 4;

function highestOf({ kind, series }: Chart): number {
  const length = series[0]?.values.length ?? 0;
  let highest = 0;
  for (let at = 0; at < length; at += 1) {
    const values = series.map(({ values }) => values[at] ?? 0);
    highest = Math.max(highest, kind === "bars" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values));
  }
  return highest;
}

/** Layers of bars on each other, one path for each series. */
function barPaths({ series }: Chart, step: number, y: (value: number) => number): readonly PlotPath[] {
  const width = Math.max(1, Math.min(step - (step > 6 ? 2 : 0), 40));
  const rows = (series[0]?.values ?? []).map((_, at) => at);
  const layers = stack<number, string>()
    .keys(series.map(({ key }) => key))
    .value((at, key) => series.find((each) => each.key === key)?.values[at] ?? 0)(rows);
  return layers.map((layer) => ({
    key: layer.key,
    d: layer
      .map(([low, high], at) => {
        if (high <= low) return "";
        const x = at * step + (step - width) / 2;
        return `M${x.toFixed(1)},${y(low).toFixed(1)}h${width.toFixed(1)}V${y(high).toFixed(1)}h${(-width).toFixed(1)}Z`;
      })
      .join(""),
  }));
}

/** Lines that end where there is no value. A value alone is a dot, by the round ends of the line. */
function linePaths({ series }: Chart, step: number, y: (value: number) => number): readonly PlotPath[] {
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, at) => (at + 0.5) * step)
    .y((value) => y(value ?? 0))
    .digits(1);
  return series.map(({ key, values }) => ({ key, d: draw([...values]) ?? "" }));
}

/** Draws a chart into an area. Pure. */
export function plotChart(chart: Chart, periods: number, { width, height }: PlotSize): Plot {
  const step = width / Math.max(1, periods);
  const highest = highestOf(chart);
  const top = highest > 0 ? highest : 1;
  const scale = scaleLinear([0, top], [height, 0]).nice(TICKS);
  const values = scale.ticks(TICKS).filter((value) => chart.unit !== "count" || Number.isInteger(value));
  return {
    paths: chart.kind === "bars" ? barPaths(chart, step, scale) : linePaths(chart, step, scale),
    // Without values an axis would promise a unit that nothing has.
    ticks: (highest > 0 ? values : [0]).map((value) => ({ value, y: scale(value) })),
    step,
  };
}
