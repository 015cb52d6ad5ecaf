import { splitPeriods } from "./split-periods.ts";

const DAY_MS = 86_400_000;

/** The start of a local date (`YYYY-MM-DD`), epoch milliseconds. Throws a `RangeError` for an unknown time zone. */
export function startOfDate(date: string, timeZone: string): number {
  const utc = Date.parse(date);
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const starts = splitPeriods(utc - DAY_MS, utc + 2 * DAY_MS, timeZone, "day");
  // A zone that crossed the date line has no such day (Samoa, 2011-12-30): the next one begins at the same moment.
  return starts.find((start) => format.format(start) >= date) ?? utc;
}
