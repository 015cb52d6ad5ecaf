import { type PointerEvent, type ReactElement, useId, useRef, useState } from "react";
import type { PeriodFormat } from "../words/format-period.ts";
import { type Chart, sumOf } from "./chart.ts";
import { ChartTable } from "./chart-table.tsx";
import { formatTick, formatValue } from "./format-value.ts";
import { plotChart } from "./plot-paths.ts";
import { useWidth } from "./use-width.ts";

interface SeriesChartProps {
  readonly chart: Chart;
  /** The start of each period, epoch milliseconds. */
  readonly periods: readonly number[];
  readonly format: PeriodFormat;
  /** The word above the periods of the table: `Hour`, `Day`, `Month`. */
  readonly periodWord: string;
  /** What the keyboard's cursor moves over. Default `period`. */
  readonly cursorWord?: string;
}

const HEIGHT = 168;
const BELOW = 24;
const LABEL_WIDTH = 72;
const CHARACTER = 6.6;

/** From this many periods on hours are labelled by their days. */
const MANY = 48;

/** The positions of the labels below the axis, so that they do not touch. Where there are many hours, days are labelled. */
function labelsOf(periods: readonly number[], step: number, { isMidnight }: PeriodFormat): readonly number[] {
  const all = periods.map((_, at) => at);
  const days = all.filter((at) => isMidnight(periods[at] ?? 0));
  // Days and months begin at midnight, too.
  const marked = periods.length > MANY && days.length > 1 ? days : all;
  const apart = ((marked[1] ?? 1) - (marked[0] ?? 0)) * step;
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / Math.max(1, apart)));
  return marked.filter((_, at) => at % every === 0);
}

/** Where a label stands: below its period; the first one begins at the axis, so that it is not cut off. */
function placeOf(index: number, step: number): { readonly x: number; readonly textAnchor: "start" | "middle" } {
  if (index === 0 && step < LABEL_WIDTH) return { x: 0, textAnchor: "start" };
  return { x: (index + 0.5) * step, textAnchor: "middle" };
}

/**
 * Numbers over time as bars or lines. The legend shows the totals, or the values of the period under the pointer or the keyboard's cursor, which
 * is a slider for assistive technology; the table has all of them.
 */
export function SeriesChart({
  chart,
  periods,
  format,
  periodWord,
  cursorWord = "period",
}: SeriesChartProps): ReactElement {
  const { title, unit, kind, series, note, noValue } = chart;
  const plotArea = useRef<HTMLDivElement>(null);
  const width = useWidth(plotArea);
  const [cursor, setCursor] = useState<number | null>(null);
  const id = useId();
  const at = cursor === null ? null : Math.min(cursor, periods.length - 1);

  // The axis needs as much room as its longest label, which depends on the drawing's scale alone.
  const draft = plotChart(chart, periods.length, { width: 100, height: HEIGHT });
  const left = Math.ceil(Math.max(...draft.ticks.map(({ value }) => formatTick(unit, value).length)) * CHARACTER) + 10;
  const inner = Math.max(0, width - left);
  const plot = plotChart(chart, periods.length, { width: inner, height: HEIGHT });

  const valuesAt = (index: number) =>
    series.map(({ name, values }) => `${name} ${formatValue(unit, values[index] ?? null, noValue)}`).join(", ");
  const textAt = (index: number) => `${format.long(periods[index] ?? 0)}: ${valuesAt(index)}`;
  const isEmpty = series.every(({ values }) =>
    values.every((value) => value === 0 || (value === null && noValue === "–")),
  );

  function onPoint(event: PointerEvent<SVGSVGElement>): void {
    const { left: start } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor((event.clientX - start - left) / plot.step);
    setCursor(index >= 0 && index < periods.length ? index : null);
  }

  return (
    <figure className="bm-chart" data-chart={chart.key} aria-labelledby={`${id}title`}>
      <figcaption className="bm-chart-head">
        <h3 id={`${id}title`}>{title}</h3>
        <p className="bm-note">{at === null ? (isEmpty ? "None" : "") : format.long(periods[at] ?? 0)}</p>
      </figcaption>
      <div className="bm-plot" ref={plotArea}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT + BELOW}
            aria-hidden="true"
            focusable="false"
            onPointerMove={onPoint}
            onPointerDown={onPoint}
            onPointerLeave={() => setCursor(null)}
          >
            <g transform={`translate(${left} 6)`}>
              {plot.ticks.map(({ value, y }) => (
                <g key={value} transform={`translate(0 ${y})`}>
                  <line className="bm-grid" x2={inner} />
                  <text className="bm-tick" x={-8} dy="0.32em" textAnchor="end">
                    {formatTick(unit, value)}
                  </text>
                </g>
              ))}
              {at !== null && (
                <rect className="bm-cursor" x={at * plot.step} width={Math.max(1, plot.step)} height={HEIGHT - 6} />
              )}
              <g className={kind === "bars" ? "bm-bars" : "bm-lines"}>
                {plot.paths.map(({ key, d }, index) => (
                  <path key={key} d={d} data-color={series[index]?.color} data-line={index + 1} />
                ))}
              </g>
              {labelsOf(periods, plot.step, format).map((index) => (
                <text key={index} className="bm-tick" {...placeOf(index, plot.step)} y={HEIGHT + 13}>
                  {format.short(periods[index] ?? 0)}
                </text>
              ))}
            </g>
          </svg>
        )}
        <input
          type="range"
          className="bm-plot-cursor"
          aria-label={`${title}: ${cursorWord}`}
          min={0}
          max={Math.max(0, periods.length - 1)}
          step={1}
          value={at ?? Math.max(0, periods.length - 1)}
          aria-valuetext={textAt(at ?? periods.length - 1)}
          onChange={({ target }) => setCursor(Number(target.value))}
          onFocus={() => setCursor(periods.length - 1)}
          onBlur={() => setCursor(null)}
        />
      </div>
      <ul className="bm-legend">
        {(isEmpty ? [] : series).map(({ key, name, color, values }, index) => (
          <li key={key}>
            <svg className="bm-swatch" width="20" height="10" aria-hidden="true" focusable="false">
              {kind === "bars" ? (
                <rect className="bm-swatch-bar" width="10" height="10" x="5" rx="2" data-color={color} />
              ) : (
                <g className="bm-lines">
                  <path d="M1,5H19" data-color={color} data-line={index + 1} />
                </g>
              )}
            </svg>
            <span className="bm-legend-name">{name}</span>
            {at !== null ? (
              <span className="bm-legend-value">{formatValue(unit, values[at] ?? null, noValue)}</span>
            ) : (
              kind === "bars" && <span className="bm-legend-value">{formatValue(unit, sumOf(values), noValue)}</span>
            )}
          </li>
        ))}
      </ul>
      {note !== null && <p className="bm-note bm-chart-note">{note}</p>}
      <ChartTable chart={chart} periods={periods} format={format} periodWord={periodWord} />
    </figure>
  );
}
