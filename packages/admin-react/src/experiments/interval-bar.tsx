import type { ReactElement } from "react";

interface IntervalBarProps {
  readonly difference: number | null;
  readonly interval: readonly [low: number, high: number];
  /** The largest distance from 0 in the table. */
  readonly reach: number;
}

/** An interval as a bar around a line at 0. The numbers are in the same row. */
export function IntervalBar({ difference, interval, reach }: IntervalBarProps): ReactElement {
  const placeOf = (value: number) => 50 + (value / reach) * 48;
  const [low, high] = interval;
  return (
    <span className="bm-interval" aria-hidden="true">
      <span className="bm-interval-zero" />
      <span
        className="bm-interval-range"
        style={{ insetInlineStart: `${placeOf(low)}%`, width: `${placeOf(high) - placeOf(low)}%` }}
      />
      {difference !== null && (
        <span className="bm-interval-mean" style={{ insetInlineStart: `${placeOf(difference)}%` }} />
      )}
    </span>
  );
}
