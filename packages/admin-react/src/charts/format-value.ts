import { formatDuration, formatUsd } from "@babylon/llm-core/status";
import { formatCount, formatShort } from "../words/format-count.ts";
import type { ChartUnit } from "./chart.ts";

const SHARE = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

const FULL: Readonly<Record<ChartUnit, (value: number) => string>> = {
  usd: formatUsd,
  count: formatCount,
  ms: formatDuration,
  share: (value) => SHARE.format(value),
};

/** A value with its unit; by default a dash for `null`. */
export const formatValue = (unit: ChartUnit, value: number | null, noValue = "–"): string =>
  value === null ? noValue : FULL[unit](value);

/** A value at an axis or in a tile. */
export const formatTick = (unit: ChartUnit, value: number): string =>
  unit === "count" ? formatShort(value) : FULL[unit](value);
