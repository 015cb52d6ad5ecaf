import { type ReactElement, useState } from "react";
import { formatCount } from "../words/format-count.ts";
import type { PeriodFormat } from "../words/format-period.ts";
import type { Chart } from "./chart.ts";
import { formatValue } from "./format-value.ts";

interface ChartTableProps {
  readonly chart: Chart;
  readonly periods: readonly number[];
  readonly format: PeriodFormat;
  readonly periodWord: string;
}

/** The numbers of a chart as a table, newest first; its rows exist only while it is open. */
export function ChartTable({ chart, periods, format, periodWord }: ChartTableProps): ReactElement {
  const { title, unit, series, columns, noValue } = chart;
  const [open, setOpen] = useState(false);
  return (
    <details className="bm-chart-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Table<span className="bm-hidden"> of {title}</span>
      </summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        <section className="bm-scroll bm-scroll-down" aria-label={`Table of ${title}`} tabIndex={0}>
          <table className="bm-numbers">
            <thead>
              <tr>
                <th scope="col">{periodWord}</th>
                {series.map(({ key, name }) => (
                  <th key={key} scope="col">
                    {name}
                  </th>
                ))}
                {columns.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {periods
                .map((period, at) => (
                  <tr key={period}>
                    <th scope="row">{format.long(period)}</th>
                    {series.map(({ key, values }) => (
                      <td key={key}>{formatValue(unit, values[at] ?? null, noValue)}</td>
                    ))}
                    {columns.map(({ name, values }) => (
                      <td key={name}>{formatCount(values[at] ?? 0)}</td>
                    ))}
                  </tr>
                ))
                .toReversed()}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
