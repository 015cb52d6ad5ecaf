/** One line of the table: a figure and its limit. */
export interface MeasuredRow {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  /** `null`: for information. */
  readonly passes: boolean | null;
}

/** Prints the rows as a table and returns how many fail. */
export function printRows(rows: readonly MeasuredRow[]): number {
  const verdict = ({ passes }: MeasuredRow) => (passes === null ? "" : passes ? "pass" : "FAIL");
  const cells = [
    ["what", "measured", "must be", ""],
    ...rows.map((row) => [row.what, row.measured, row.limit, verdict(row)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const [head = [], ...body] = cells;
  print(head);
  print(widths.map((width) => "-".repeat(width)));
  for (const line of body) print(line);
  return rows.filter(({ passes }) => passes === false).length;
}

/** The value below which the given share of the numbers lies. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds with one decimal. */
export const ms = (value: number): string => `${value.toFixed(1)} ms`;
