import type { ReactElement } from "react";

interface SparklineProps {
  /** One for each period. */
  readonly values: readonly number[];
  /** The part of each value that failed. */
  readonly failed: readonly number[];
  /** What it shows, for screen readers. */
  readonly label: string;
}

const WIDTH = 240;
const HEIGHT = 28;

function bars(values: readonly number[], from: readonly number[], highest: number): string {
  const step = WIDTH / Math.max(1, values.length);
  const y = (value: number) => (HEIGHT - (value / highest) * HEIGHT).toFixed(1);
  return values
    .map((value, at) => {
      const start = from[at] ?? 0;
      if (value === 0) return "";
      return `M${(at * step + 0.5).toFixed(1)},${y(start)}h${(step - 1).toFixed(1)}V${y(start + value)}h${(1 - step).toFixed(1)}Z`;
    })
    .join("");
}

/** Small bars without an axis: the course of a number, with its failed part on top. */
export function Sparkline({ values, failed, label }: SparklineProps): ReactElement {
  const highest = Math.max(1, ...values);
  const well = values.map((value, at) => Math.max(0, value - (failed[at] ?? 0)));
  const none = values.map(() => 0);
  return (
    <svg
      className="bm-sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="bm-sparkline-base" d={`M0,${HEIGHT}H${WIDTH}`} />
      <path d={bars(well, none, highest)} data-color="1" />
      <path d={bars(failed, well, highest)} data-color="bad" />
    </svg>
  );
}
