import type { UsageData, UsageDimension, UsageRow } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { sumOf } from "../charts/chart.ts";
import { formatValue } from "../charts/format-value.ts";
import { plotChart } from "../charts/plot-paths.ts";
import { usageRow } from "../test-support/usage-row.ts";
import { buildCharts } from "./build-charts.ts";
import { toTiles } from "./figure-tiles.tsx";
import { sortGroups } from "./group-table.tsx";
import { providerCourses } from "./provider-courses.ts";

const PERIODS = [0, 100, 200];
const usage = (rows: readonly UsageRow[], by: readonly UsageDimension[] = []): UsageData => ({
  from: 0,
  to: 300,
  timeZone: "UTC",
  bucket: "hour",
  by,
  periods: PERIODS,
  rows,
  now: 300,
});
const nameOf = (id: string) => id.toUpperCase();
const chartsOf = (
  overall: readonly UsageRow[],
  grouped: readonly UsageRow[] | null = null,
  by: UsageDimension | null = null,
) =>
  Object.fromEntries(
    buildCharts({
      overall: usage(overall),
      grouped: grouped === null || by === null ? null : usage(grouped, [by]),
      by,
      nameOf,
    }).map((chart) => [chart.key, chart]),
  );

describe("an unknown cost", () => {
  const rows = [
    usageRow({ at: 0, calls: 2, attempts: 2, unknownCost: 2 }),
    usageRow({ at: 100, calls: 2, attempts: 2, unknownCost: 1, nanoUsd: 5 }),
  ];

  test("is unknown where nothing is known, and 0 where there was nothing", () => {
    const { spend } = chartsOf(rows);
    expect(spend?.series[0]?.values).toEqual([null, 5, 0]);
    expect(formatValue("usd", null, spend?.noValue)).toBe("unknown");
    expect(spend?.columns[0]?.values).toEqual([2, 1, 0]);
    expect(spend?.note).toBe("Without the unknown cost of 3 attempts.");
  });

  test("of all attempts is not a sum of $0", () => {
    const [spend, unknown] = toTiles(usageRow({ calls: 2, attempts: 2, unknownCost: 2, unknownUsage: 2 }));
    expect([spend?.value, unknown?.value]).toEqual(["Unknown", "2"]);
    const refused = usageRow({ calls: 2, attempts: 3, failedAttempts: 1, unknownCost: 2, nanoUsd: 0 });
    expect(toTiles(refused)[0]?.value).toBe("Unknown");
    const tokens = toTiles(usageRow({ attempts: 2, unknownUsage: 2 })).find(({ name }) => name === "Input tokens");
    expect(tokens?.value).toBe("Unknown");
    expect(toTiles(usageRow({ calls: 2, attempts: 2 }))[0]?.value).toBe("$0");
  });

  test("of a provider is said with its sparkline", () => {
    const courseOf = providerCourses(
      usage(
        [
          usageRow({
            at: 100,
            group: { provider: "groq" },
            attempts: 3,
            failedAttempts: 1,
            unknownCost: 1,
            nanoUsd: 2_000_000_000,
          }),
        ],
        ["provider"],
      ),
    );
    expect(courseOf("groq")).toEqual({
      attempts: [0, 3, 0],
      failed: [0, 1, 0],
      text: "3 attempts, 1 failed, $2.00, 1 of unknown cost",
    });
    expect(courseOf("claude").text).toBe("No attempts");
  });
});

describe("groups", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const rows = [
    usageRow({ at: 0, group: { agent: "(other)" }, calls: 900, attempts: 900, nanoUsd: 9_000 }),
    ...names.map((agent, at) => usageRow({ at: 100, group: { agent }, calls: 1, attempts: 1, nanoUsd: at })),
    usageRow({ at: 200, group: { agent: "" }, calls: 1, attempts: 1, nanoUsd: 100, failed: 1 }),
  ].slice(0, 9);

  test("are the eight with the highest cost, and all others last", () => {
    const { calls } = chartsOf([], rows, "agent");
    expect(calls?.series.map(({ name, color }) => `${name} ${color}`)).toEqual([
      "h 1",
      "g 2",
      "f 3",
      "e 4",
      "d 5",
      "c 6",
      "b 7",
      "a 8",
      "Other other",
    ]);
    expect(sortGroups(rows, "agent").map(({ group }) => group.agent)).toEqual([..."hgfedcba", "(other)"]);
  });

  test("a group keeps its colour in each chart, and is left out where it has nothing", () => {
    const { spend, calls } = chartsOf([], rows, "agent");
    expect(spend?.series.map(({ name }) => name)).not.toContain("a");
    for (const { key, color } of spend?.series ?? []) {
      expect(calls?.series.find((each) => each.key === key)?.color).toBe(color);
    }
  });

  test("by provider errors are those of attempts, and calls without an answer have a name", () => {
    const { errors, calls } = chartsOf(
      [],
      [
        usageRow({ group: { provider: "groq" }, attempts: 4, failedAttempts: 3, calls: 1 }),
        usageRow({ group: { provider: "" }, calls: 2, failed: 2 }),
      ],
      "provider",
    );
    expect([errors?.title, errors?.series.map(({ name, values }) => [name, values[0]])]).toEqual([
      "Failed attempts",
      [["GROQ", 3]],
    ]);
    expect(calls?.series.map(({ name }) => name)).toEqual(["GROQ", "No answer"]);
  });
});

test("shares are of the calls of a period; without calls there are none", () => {
  const { rescued } = chartsOf([usageRow({ at: 100, calls: 4, rescued: 1, fallbacks: 2, failed: 1 })]);
  expect(rescued?.series.map(({ values }) => values)).toEqual([
    [null, 0.25, null],
    [null, 0.5, null],
    [null, 0.25, null],
  ]);
  expect(sumOf([null, 1, 2])).toBe(3);
  expect(sumOf([null])).toBeNull();
  expect(sumOf([0, null, 0])).toBeNull();
  expect(sumOf([0, 0])).toBe(0);
});

describe("a plot", () => {
  test("bars stand on each other, and an unknown value has none", () => {
    const { spend } = chartsOf(
      [],
      [
        usageRow({ at: 0, group: { agent: "a" }, calls: 1, attempts: 1, nanoUsd: 30 }),
        usageRow({ at: 0, group: { agent: "b" }, calls: 1, attempts: 1, nanoUsd: 10 }),
        usageRow({ at: 100, group: { agent: "b" }, calls: 1, attempts: 1, unknownCost: 1 }),
      ],
      "agent",
    );
    if (spend === undefined) throw new Error("no chart");
    const { paths, ticks, step } = plotChart(spend, 3, { width: 30, height: 40 });
    expect(step).toBe(10);
    expect(ticks.at(-1)).toEqual({ value: 40, y: 0 });
    expect(paths).toEqual([
      { key: "g:a", d: "M1.0,40.0h8.0V10.0h-8.0Z" },
      { key: "g:b", d: "M1.0,10.0h8.0V0.0h-8.0Z" },
    ]);
  });

  test("a line ends where there is no value; a value alone is a dot; no data draws no unit", () => {
    const { latency } = chartsOf([usageRow({ at: 100, latency: { p50: 10, p95: 20, p99: null } })]);
    if (latency === undefined) throw new Error("no chart");
    expect(plotChart(latency, 3, { width: 30, height: 20 }).paths).toEqual([
      { key: "p50", d: "M15,10Z" },
      { key: "p95", d: "M15,0Z" },
      { key: "p99", d: "" },
    ]);
    const { latency: none } = chartsOf([]);
    if (none === undefined) throw new Error("no chart");
    expect(plotChart(none, 3, { width: 30, height: 20 }).ticks).toEqual([{ value: 0, y: 20 }]);
  });
});
