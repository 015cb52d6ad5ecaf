/** What the numbers of a chart are. Costs are billionths of a US dollar, shares from 0 to 1; `figure` has no unit. */
export type ChartUnit = "usd" | "count" | "ms" | "share" | "figure";

/** The colour of a series: one of eight, or one with a meaning. */
export type SeriesColor = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "other" | "good" | "bad" | "warn";

/** One line, or one layer of the bars. */
export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  readonly color: SeriesColor;
  /** One for each period; `null`: there is none, or it is not known. */
  readonly values: readonly (number | null)[];
}

/** A chart, apart from how it looks. */
export interface Chart {
  readonly key: string;
  readonly title: string;
  readonly unit: ChartUnit;
  readonly kind: "bars" | "lines";
  readonly series: readonly ChartSeries[];
  /** What is written for `null`. */
  readonly noValue: "–" | "unknown";
  /** Numbers that are in the table alone. */
  readonly columns: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What the numbers do not have, such as unknown costs. */
  readonly note: string | null;
}

/** The sum of what is known; `null`: nothing is, or only periods without any. */
export function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  const total = known.reduce((sum, value) => sum + value, 0);
  return total === 0 && known.length < values.length ? null : total;
}
