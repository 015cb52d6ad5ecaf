/** One line of the table. */
export interface Line {
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  /** `null`: the limit is absolute. */
  readonly ratio: number | null;
  readonly limit: string;
  readonly stretch: string;
  readonly holds: boolean;
}

/** Three digits, rounded up: smaller figures are better in every row. */
export const rounded = (value: number): string => (Math.ceil(value * 1_000) / 1_000).toFixed(3);

/** A figure with one decimal, for display; ratios are computed from the exact values. `NaN`: every round was void. */
export const figure = (value: number, unit: string): string =>
  Number.isNaN(value) ? "void" : `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
