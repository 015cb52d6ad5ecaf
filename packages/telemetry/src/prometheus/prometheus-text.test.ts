import { spawnSync } from "node:child_process";
import type { LinkHealth } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../metrics/create-metrics.ts";
import { parseExposition } from "../test-support/parse-exposition.ts";
import { sampleAttempt, sampleFailure, sampleRecord, sampleUsage } from "../test-support/sample-record.ts";
import type { BudgetReading } from "./budget-gauges.ts";
import { prometheusText } from "./prometheus-text.ts";
import { toUsd } from "./to-usd.ts";

const HOSTILE = 'quote " backslash \\ line\nfeed } # HELP x y\r\u2028 \ud800 {le="1"} \\n, a="b"';

const link = (over: Partial<LinkHealth> = {}): LinkHealth =>
  ({ provider: "a", model: "m", state: "closed", active: 0, queued: 0, limit: 10, ...over }) as LinkHealth;

function busyMetrics() {
  const metrics = createMetrics({ agents: ["chat"] });
  for (let at = 1; at <= 1_000; at += 1) {
    const usage = sampleUsage(at, 2, { cachedInputTokens: 1, reasoningTokens: 1, cacheWriteInputTokens: 1 });
    const attempt = sampleAttempt({ durationMs: at * 7, firstTokenMs: at, usage });
    metrics.recorder(sampleRecord([attempt], { agent: at % 2 === 0 ? "chat" : null }));
  }
  metrics.recorder(sampleRecord([sampleFailure("server"), sampleAttempt({ provider: "b", kind: "fallback" })]));
  return metrics;
}

it("is valid, and every family has help and a type", () => {
  const { samples, types, helps } = parseExposition(
    prometheusText(busyMetrics(), { client: { health: () => [link()] } }),
  );
  expect([...types].sort()).toEqual([
    ["babylon_attempt_seconds", "histogram"],
    ["babylon_attempts_total", "counter"],
    ["babylon_breaker_open", "gauge"],
    ["babylon_calls_total", "counter"],
    ["babylon_cost_unknown_attempts_total", "counter"],
    ["babylon_cost_usd_total", "counter"],
    ["babylon_first_token_seconds", "histogram"],
    ["babylon_in_flight", "gauge"],
    ["babylon_queue_length", "gauge"],
    ["babylon_series_overflow_total", "counter"],
    ["babylon_tokens_total", "counter"],
    ["babylon_usage_unknown_attempts_total", "counter"],
  ]);
  expect([...helps].sort()).toEqual([...types.keys()].sort());
  expect(samples.every(({ value }) => value >= 0)).toBe(true);
});

it("has the sums of all calls", () => {
  const { samples } = parseExposition(prometheusText(busyMetrics()));
  const sum = (name: string, labels: object = {}) =>
    samples
      .filter(
        (sample) => sample.name === name && Object.entries(labels).every(([key, is]) => sample.labels[key] === is),
      )
      .reduce((total, { value }) => total + value, 0);
  expect(sum("babylon_attempts_total")).toBe(1_002);
  expect(sum("babylon_attempts_total", { kind: "fallback", provider: "b" })).toBe(1);
  expect(sum("babylon_attempts_total", { error: "server", outcome: "failed" })).toBe(1);
  expect(sum("babylon_calls_total")).toBe(1_001);
  expect(sum("babylon_calls_total", { rescued: "true" })).toBe(1);
  expect(sum("babylon_tokens_total", { direction: "input" })).toBe(500_500 + 10);
  expect(sum("babylon_tokens_total", { direction: "cache_read" })).toBe(1_000);
  expect(sum("babylon_tokens_total", { direction: "cache_write" })).toBe(1_000);
  expect(sum("babylon_tokens_total", { direction: "reasoning" })).toBe(1_000);
  expect(sum("babylon_usage_unknown_attempts_total")).toBe(1);
  expect(sum("babylon_cost_unknown_attempts_total")).toBe(1_002);
  expect(sum("babylon_attempt_seconds_count")).toBe(1_002);
});

it("histograms have the exact counts at the fourteen edges, summed over agents", () => {
  const { samples } = parseExposition(prometheusText(busyMetrics()));
  const own = samples.filter(({ labels }) => labels.provider === "a" && (labels.outcome ?? "success") === "success");
  const buckets = own.filter(({ name }) => name === "babylon_attempt_seconds_bucket");
  expect(buckets.map(({ labels: { le } }) => le)).toEqual([
    ...["0.01", "0.02", "0.04", "0.08", "0.16", "0.32", "0.64"],
    ...["1.28", "2.56", "5.12", "10.24", "20.48", "40.96", "81.92", "+Inf"],
  ]);
  const durations = Array.from({ length: 1_000 }, (_, at) => ((at + 1) * 7) / 1_000);
  for (const { labels, value } of buckets) {
    const edge = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    expect([labels.le, value]).toEqual([labels.le, durations.filter((duration) => duration <= edge + 1e-12).length]);
  }
  const total = own.find(({ name }) => name === "babylon_attempt_seconds_sum");
  expect(total?.value).toBeCloseTo(
    durations.reduce((sum, duration) => sum + duration, 0),
    6,
  );
});

it("labels may be anything", () => {
  const metrics = createMetrics({ agents: [HOSTILE] });
  const attempt = sampleAttempt({ provider: HOSTILE, model: HOSTILE });
  metrics.recorder(sampleRecord([attempt], { agent: HOSTILE }));
  const text = prometheusText(metrics, { client: { health: () => [link({ provider: HOSTILE, model: HOSTILE })] } });
  const { samples } = parseExposition(text);
  const labels = samples.filter(({ name }) => name === "babylon_attempts_total").map((sample) => sample.labels);
  expect(labels).toMatchObject([{ provider: HOSTILE.toWellFormed(), agent: HOSTILE.toWellFormed() }]);
});

it("is valid without a call", () => {
  expect(parseExposition(prometheusText(createMetrics())).samples.map(({ name }) => name)).toEqual([
    "babylon_series_overflow_total",
    "babylon_series_overflow_total",
  ]);
});

it.each([
  [0, "0"],
  [1, "0.000000001"],
  [1_500_000_000, "1.5"],
  [-20, "-0.00000002"],
  [9_007_199_254_740_991, "9007199.254740991"],
  [10_000_000_000, "10"],
])("%d billionths of a dollar are %s dollars, exactly", (nanoUsd, usd) => {
  expect(toUsd(nanoUsd)).toBe(usd);
});

describe("gauges", () => {
  const gauges = (health: readonly LinkHealth[]) =>
    parseExposition(prometheusText(createMetrics(), { client: { health: () => health } }))
      .samples.filter(({ name }) => !name.endsWith("_total"))
      .map(({ name, labels, value }) => [name.slice(8), ...Object.values(labels), value]);

  it("count the load of a provider once, although each of its models states it", () => {
    expect(gauges([link({ active: 3, queued: 2 }), link({ model: "n", active: 3, queued: 2 })])).toEqual([
      ["in_flight", "a", 3],
      ["queue_length", "a", 2],
      ["breaker_open", "a", "m", 0],
      ["breaker_open", "a", "n", 0],
    ]);
  });

  it("add the load of several keys", () => {
    const health = [link({ active: 3, queued: 1 }), link({ active: 4, queued: 0 }), link({ provider: "b", active: 1 })];
    expect(gauges(health).slice(0, 4)).toEqual([
      ["in_flight", "a", 7],
      ["in_flight", "b", 1],
      ["queue_length", "a", 1],
      ["queue_length", "b", 0],
    ]);
  });

  it.each([
    ["open", 1],
    ["half-open", 1],
    ["resting", 0],
    ["closed", 0],
  ] as const)("a breaker that is %s is %d", (state, value) => {
    expect(gauges([link({ state }), link()]).at(-1)).toEqual(["breaker_open", "a", "m", value]);
  });
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
if (!hasPromtool) console.log("skipped: promtool is not installed (Debian: apt-get install prometheus)");

it.skipIf(!hasPromtool)("promtool has nothing to say about it", () => {
  const metrics = busyMetrics();
  metrics.recorder(sampleRecord([sampleAttempt({ model: HOSTILE })]));
  const input = prometheusText(metrics, { client: { health: () => [link()] } });
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([0, "", ""]);
});

describe("budgets", () => {
  const valuesOf = (budgets: readonly BudgetReading[]): readonly (readonly [string, string | undefined, number])[] =>
    parseExposition(prometheusText(createMetrics(), { budgets }))
      .samples.filter(({ name }) => name.startsWith("babylon_budget_"))
      .map(({ name, labels, value }) => [name.replace("babylon_budget_", ""), labels.rule, value] as const);

  it.each<[string, readonly BudgetReading[], readonly (readonly [string, string, number])[]]>([
    [
      "dollars, exactly",
      [{ rule: "month", unit: "usd", limit: 500_000_000_000, left: 125_000_000_001 }],
      [
        ["used_ratio", "month", 0.749_999_999_998],
        ["remaining_usd", "month", 125.000_000_001],
      ],
    ],
    [
      "the fullest window of a rule for each tenant",
      [
        { rule: "tenant", unit: "tokens", limit: 100, left: 60 },
        { rule: "tenant", unit: "tokens", limit: 1_000, left: 500 },
        { rule: "tenant", unit: "tokens", limit: 100, left: null },
      ],
      [
        ["used_ratio", "tenant", 0.5],
        ["remaining_tokens", "tenant", 500],
      ],
    ],
    [
      "more than the limit was spent",
      [{ rule: "day", unit: "usd", limit: 1_000_000_000, left: -500_000_000 }],
      [
        ["used_ratio", "day", 1.5],
        ["remaining_usd", "day", -0.5],
      ],
    ],
    [
      "a limit of 0",
      [{ rule: "off", unit: "tokens", limit: 0, left: 0 }],
      [
        ["used_ratio", "off", 1],
        ["remaining_tokens", "off", 0],
      ],
    ],
    ["the store is away", [{ rule: "month", unit: "usd", limit: 1, left: null }], []],
  ])("%s", (_, budgets, expected) => {
    expect(valuesOf(budgets)).toEqual(expected);
  });
});
