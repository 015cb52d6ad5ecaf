import type { UsageBucket } from "@babylon/admin-api/contract";

type Style = Readonly<Record<UsageBucket, Intl.DateTimeFormatOptions>>;

const LONG: Style = {
  hour: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  all: { day: "numeric", month: "short", year: "numeric" },
};
const SHORT: Style = {
  hour: { hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  month: { month: "short", year: "2-digit" },
  all: { day: "numeric", month: "short" },
};

/** How the start of a period is written, in the time zone of the figures. */
export interface PeriodFormat {
  /** `Mon, Nov 30, 08:00 AM`. */
  readonly long: (at: number) => string;
  /** For the axis: the date at midnight, else the time. */
  readonly short: (at: number) => string;
  /** Whether a day begins with the period. */
  readonly isMidnight: (at: number) => boolean;
}

/** Makes the format of one bucket and time zone. */
export function formatPeriods(bucket: UsageBucket, timeZone: string): PeriodFormat {
  const long = new Intl.DateTimeFormat(undefined, { timeZone, ...LONG[bucket] });
  const short = new Intl.DateTimeFormat(undefined, { timeZone, ...SHORT[bucket] });
  const day = new Intl.DateTimeFormat(undefined, { timeZone, ...SHORT.day });
  const clock = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", hour: "numeric", minute: "numeric" });
  const isMidnight = (at: number) => /^0?0:00$/.test(clock.format(at));
  return {
    long: (at) => long.format(at),
    short: (at) => (bucket === "hour" && isMidnight(at) ? day.format(at) : short.format(at)),
    isMidnight,
  };
}
