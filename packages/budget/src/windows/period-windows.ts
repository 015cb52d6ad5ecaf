import type { BudgetPeriod } from "@babylon/llm-core";
import { splitPeriods } from "@babylon/record-store/contract";

/** The time that a budget counts together. `endEpochMs: null`: it has no end. */
export interface PeriodWindow {
  readonly startEpochMs: number;
  readonly endEpochMs: number | null;
}

/** The windows of a period. */
export interface PeriodWindows {
  /** The window of a moment. A rolling period is cut into steps; its window is that of one step. */
  at(epochMs: number): PeriodWindow;
  /** A rolling period: the number of earlier steps that count, too. Else 0. */
  readonly stepsBefore: number;
  /** A rolling period: the length of a step. Else 0. */
  readonly stepMs: number;
}

/** The steps of a rolling period. More of them follow time more closely, and are more to read. */
const ROLLING_STEPS = 24;

const DAY_MS = 86_400_000;

/** The windows of a period in a time zone. Throws a `RangeError` for an unknown time zone. */
export function periodWindows(per: BudgetPeriod, timeZone: string): PeriodWindows {
  if (typeof per === "object") return rollingSteps(per.rollingMs);
  if (per === "total") return { at: () => ({ startEpochMs: 0, endEpochMs: null }), stepsBefore: 0, stepMs: 0 };
  // A moment of the current window is asked for again and again.
  let latest: { readonly startEpochMs: number; readonly endEpochMs: number } | null = null;
  return {
    at(epochMs) {
      if (latest === null || epochMs < latest.startEpochMs || epochMs >= latest.endEpochMs) {
        latest = per === "week" ? weekAt(epochMs, timeZone) : calendarWindow(epochMs, timeZone, per);
      }
      return latest;
    },
    stepsBefore: 0,
    stepMs: 0,
  };
}

function rollingSteps(rollingMs: number): PeriodWindows {
  const stepMs = Math.ceil(rollingMs / ROLLING_STEPS);
  return {
    at(epochMs) {
      const startEpochMs = Math.floor(epochMs / stepMs) * stepMs;
      return { startEpochMs, endEpochMs: startEpochMs + stepMs };
    },
    stepsBefore: ROLLING_STEPS,
    stepMs,
  };
}

/** Longer than any of them, with a clock change. */
const LONGEST_MS = { hour: 3 * 3_600_000, day: 3 * DAY_MS, month: 33 * DAY_MS } as const;

function calendarWindow(
  epochMs: number,
  timeZone: string,
  per: keyof typeof LONGEST_MS,
): { startEpochMs: number; endEpochMs: number } {
  const starts = splitPeriods(epochMs, epochMs + LONGEST_MS[per], timeZone, per);
  const [startEpochMs = epochMs] = starts;
  return { startEpochMs, endEpochMs: starts.find((start) => start > epochMs) ?? epochMs + LONGEST_MS[per] };
}

/** A week of days from Monday. */
function weekAt(epochMs: number, timeZone: string): { startEpochMs: number; endEpochMs: number } {
  const weekday = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short" });
  const days = splitPeriods(epochMs - 8 * DAY_MS, epochMs + 9 * DAY_MS, timeZone, "day");
  // Noon of a day has the same date in its zone, whatever the clock does at midnight.
  const mondays = days.filter((start) => weekday.format(start + DAY_MS / 2) === "Mon");
  const startEpochMs = mondays.findLast((start) => start <= epochMs) ?? epochMs;
  return { startEpochMs, endEpochMs: mondays.find((start) => start > epochMs) ?? epochMs + 7 * DAY_MS };
}
