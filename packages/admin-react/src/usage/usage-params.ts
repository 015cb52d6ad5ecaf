import type { UsageBucket } from "@babylon/admin-api/contract";
import { DIMENSION_NAMES } from "../words/name-group.ts";
import type { Filters, TabView } from "./tab-view.ts";

/** Parameters of a request; a name may have several values. */
export type QueryParams = readonly (readonly [name: string, value: string])[];

const DAY_MS = 86_400_000;
/** The most points of a series. */
const MAX_POINTS = 300;

const DAYS: Readonly<Record<string, number>> = { "24h": 1, "7d": 7, "30d": 30, "90d": 90, "12mo": 366 };
const POINTS_A_DAY = { hour: 24, day: 1, month: 1 / 28 } as const;
const BUCKETS = ["hour", "day", "month"] as const;

/** The browser's time zone. */
export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The local date after a date. */
function dayAfter(date: string): string {
  if (date === "") return "";
  return new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}

function daysOf({ range, from, to }: TabView): number {
  if (range !== "custom") return DAYS[range] ?? 7;
  if (from === "" || to === "") return 7;
  return Math.max(1, (Date.parse(to) - Date.parse(from)) / DAY_MS + 1);
}

/** The buckets that have at least two and at most 300 points in the range of a view; never none. */
export function bucketsOf(view: TabView): readonly Exclude<UsageBucket, "all">[] {
  const days = daysOf(view);
  const fitting = BUCKETS.filter((bucket) => {
    const points = days * POINTS_A_DAY[bucket];
    return points <= MAX_POINTS && (points >= 2 || bucket === "day");
  });
  return fitting.length === 0 ? ["month"] : fitting;
}

/** The chosen bucket, or else one with enough points to see a course. */
export function chosenBucket(view: TabView): UsageBucket {
  const fitting = bucketsOf(view);
  return fitting.find((bucket) => bucket === view.bucket) ?? fitting[0] ?? "day";
}

/** Whether the range can be asked for: a custom one needs both dates, in order. */
export const isComplete = ({ range, from, to }: TabView): boolean =>
  range !== "custom" || (from !== "" && to !== "" && from <= to);

const filtersOf = (where: Filters): QueryParams =>
  DIMENSION_NAMES.flatMap((dimension) => (where[dimension] ?? []).map((name): [string, string] => [dimension, name]));

/** The parameters of the range, the time zone and the filters of a view. */
export function spanParams(view: TabView): QueryParams {
  const span: QueryParams =
    view.range === "custom"
      ? [
          ["from", view.from],
          ["to", dayAfter(view.to)],
        ]
      : [["last", view.range]];
  return [...span, ["timeZone", view.timeZone ?? localZone()], ...filtersOf(view.where)];
}

/** The parameters of the log of calls. */
export function callsParams(view: TabView, limit: number, before: string | null): QueryParams {
  return [
    ["limit", String(limit)],
    ...(before === null ? [] : [["before", before] as const]),
    ...(view.search === "" ? [] : [["search", view.search] as const]),
    ...filtersOf(view.where),
  ];
}
