import type { UsageData, UsageDimension, UsageRow } from "@babylon/admin-api/contract";
import type { Chart, ChartSeries, SeriesColor } from "../charts/chart.ts";
import { formatCount } from "../words/format-count.ts";
import { nameGroup } from "../words/name-group.ts";
import { isUnknown } from "./is-unknown.ts";

/** The most groups of a chart, without the one of all others. */
export const TOP = 8;
const OTHER = "(other)";
const COLORS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** The figures of the page, in the form of the replies. */
export interface ChartInput {
  /** By period. */
  readonly overall: UsageData;
  /** By period and group; `null`: no grouping. */
  readonly grouped: UsageData | null;
  readonly by: UsageDimension | null;
  nameOf(provider: string): string;
}

/** Whether figures of a dimension are those of attempts, not of calls. */
export const isLink = (by: UsageDimension | null): boolean => by === "provider" || by === "model";

const attemptsOf = (count: number) => `${formatCount(count)} ${count === 1 ? "attempt" : "attempts"}`;

/** What sums do not have; `null`: they have everything. */
export function unknownNote(what: string, count: number): string | null {
  return count === 0 ? null : `Without the unknown ${what} of ${attemptsOf(count)}.`;
}

type Pick = (row: UsageRow) => number | null;

/** The values of rows by period; without a row a count is 0, and a percentile unknown. */
function valuesOf(periods: readonly number[], rows: readonly UsageRow[], pick: Pick, none: number | null) {
  const byPeriod = new Map(rows.map((row) => [row.at, row]));
  return periods.map((at) => {
    const row = byPeriod.get(at);
    return row === undefined ? none : pick(row);
  });
}

interface Group {
  readonly name: string;
  readonly color: SeriesColor;
  readonly rows: readonly UsageRow[];
}

/** The groups in the order of their cost, then of their calls and attempts; the one of all others last. */
function groupsOf(rows: readonly UsageRow[], by: UsageDimension): readonly Group[] {
  const byName = new Map<string, UsageRow[]>();
  for (const row of rows) {
    const name = row.group[by] ?? "";
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const weigh = (own: readonly UsageRow[], pick: (row: UsageRow) => number) =>
    own.reduce((sum, row) => sum + pick(row), 0);
  const sorted = [...byName].toSorted(
    ([a, ofA], [b, ofB]) =>
      Number(a === OTHER) - Number(b === OTHER) ||
      weigh(ofB, (row) => row.nanoUsd) - weigh(ofA, (row) => row.nanoUsd) ||
      weigh(ofB, (row) => row.attempts + row.calls) - weigh(ofA, (row) => row.attempts + row.calls) ||
      a.localeCompare(b),
  );
  return sorted.map(([name, own], at) => ({
    name,
    rows: own,
    color: name === OTHER ? "other" : (COLORS[at] ?? "other"),
  }));
}

/** Groups that have nothing in a chart are not in it. */
function withValues(series: readonly ChartSeries[]): readonly ChartSeries[] {
  const nonZero = series.filter(({ values }) => values.some((value) => value !== 0));
  return nonZero.length === 0 ? series.slice(0, 1) : nonZero;
}

/** The sum of a row, where at least a part of it is known. */
const known =
  (unknown: (row: UsageRow) => number, pick: (row: UsageRow) => number): Pick =>
  (row) =>
    isUnknown(row, unknown(row), pick(row)) ? null : pick(row);
const cost = known(
  (row) => row.unknownCost,
  (row) => row.nanoUsd,
);
const tokens = (pick: (row: UsageRow) => number): Pick => known((row) => row.unknownUsage, pick);

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** All charts of the page from its figures. Pure. */
export function buildCharts({ overall, grouped, by, nameOf }: ChartInput): readonly Chart[] {
  const { periods, rows } = overall;
  const total = (pick: (row: UsageRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  const column = (name: string, pick: (row: UsageRow) => number) => ({
    name,
    values: valuesOf(periods, rows, pick, 0).map((value) => value ?? 0),
  });
  const one = (key: string, name: string, color: SeriesColor, pick: Pick, none: number | null = 0): ChartSeries => ({
    key,
    name,
    color,
    values: valuesOf(periods, rows, pick, none),
  });
  const groups = by === null || grouped === null ? null : groupsOf(grouped.rows, by);
  const split = (pick: Pick, plain: readonly ChartSeries[]): readonly ChartSeries[] =>
    groups === null || by === null
      ? plain
      : withValues(
          groups.map(({ name, color, rows: own }) => ({
            key: `g:${name}`,
            name: nameGroup(by, name, nameOf),
            color,
            values: valuesOf(periods, own, pick, 0),
          })),
        );
  const percentiles = (key: string, title: string, of: (row: UsageRow) => UsageRow["latency"]): Chart => ({
    key,
    title,
    unit: "ms",
    kind: "lines",
    series: [
      one("p50", "p50", 1, (row) => of(row).p50, null),
      one("p95", "p95", 2, (row) => of(row).p95, null),
      one("p99", "p99", 4, (row) => of(row).p99, null),
    ],
    noValue: "–",
    columns: [],
    note: null,
  });

  const ofAttempts = isLink(by) && groups !== null;
  return [
    {
      key: "spend",
      title: "Spend",
      unit: "usd",
      kind: "bars",
      series: split(cost, [one("spend", "Known cost", 1, cost)]),
      noValue: "unknown",
      columns: [column("Attempts with unknown cost", (row) => row.unknownCost)],
      note: unknownNote(
        "cost",
        total((row) => row.unknownCost),
      ),
    },
    {
      key: "calls",
      title: ofAttempts ? "Calls by who answered" : "Calls",
      unit: "count",
      kind: "bars",
      series: split(
        (row) => row.calls,
        [
          one("served", "Successful", "good", (row) => row.calls - row.failed - row.aborted),
          one("failed", "Failed", "bad", (row) => row.failed),
          one("aborted", "Canceled", "other", (row) => row.aborted),
        ],
      ),
      noValue: "–",
      columns: [],
      note: null,
    },
    {
      key: "tokens",
      title: "Tokens",
      unit: "count",
      kind: "bars",
      series: split(
        tokens((row) => row.inputTokens + row.outputTokens),
        [
          one(
            "input",
            "Input",
            1,
            tokens((row) => row.inputTokens - row.cachedInputTokens),
          ),
          one(
            "cached",
            "Cached input",
            6,
            tokens((row) => row.cachedInputTokens),
          ),
          one(
            "output",
            "Output",
            2,
            tokens((row) => row.outputTokens),
          ),
        ],
      ),
      noValue: "unknown",
      columns: [column("Attempts with unknown usage", (row) => row.unknownUsage)],
      note: unknownNote(
        "usage",
        total((row) => row.unknownUsage),
      ),
    },
    {
      key: "errors",
      title: ofAttempts ? "Failed attempts" : "Failed calls",
      unit: "count",
      kind: "bars",
      series: split(
        (row) => (ofAttempts ? row.failedAttempts : row.failed),
        [one("failed", "Failed calls", "bad", (row) => row.failed)],
      ),
      noValue: "–",
      columns: [column("Failed attempts of all", (row) => row.failedAttempts)],
      note: null,
    },
    percentiles("latency", "Latency of successful calls", (row) => row.latency),
    percentiles("first-token", "Time to first token", (row) => row.firstToken),
    {
      key: "rescued",
      title: "Rescued and fallback calls",
      unit: "share",
      kind: "lines",
      series: [
        one("rescued", "Rescued", "good", (row) => share(row.rescued, row.calls), null),
        one("fallbacks", "Answered by a fallback", 2, (row) => share(row.fallbacks, row.calls), null),
        one("failed", "Failed", "bad", (row) => share(row.failed, row.calls), null),
      ],
      noValue: "–",
      columns: [],
      note: null,
    },
  ];
}
