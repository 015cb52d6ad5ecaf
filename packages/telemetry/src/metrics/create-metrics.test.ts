import type { Attempt, Cost } from "@babylon/llm-core";
import { quantileOf } from "@babylon/llm-core/sketch";
import { describe, expect, it } from "vitest";
import { sampleAttempt, sampleFailure, sampleRecord, sampleUsage } from "../test-support/sample-record.ts";
import { createMetrics } from "./create-metrics.ts";
import type { MetricsSnapshot } from "./metrics.ts";

const cost = (nanoUsd: number | null, lowNanoUsd = nanoUsd ?? 0, highNanoUsd: number | null = nanoUsd): Cost => ({
  nanoUsd,
  lowNanoUsd,
  highNanoUsd,
  currency: "USD",
  source: "list",
  effective: null,
});

function countsOf({ attempts, calls }: MetricsSnapshot) {
  return {
    attempts: attempts.flatMap(({ attempts: counts }) => counts).reduce((sum, { count }) => sum + count, 0),
    calls: calls.reduce((sum, { count }) => sum + count, 0),
    input: attempts.reduce((sum, { tokens }) => sum + tokens.input, 0),
    nanoUsd: attempts.reduce((sum, series) => sum + series.cost.nanoUsd, 0),
    durations: attempts.reduce((sum, { durations }) => sum + (durations.success?.sketch.count ?? 0), 0),
  };
}

describe("attempts", () => {
  it("are counted by provider, model, agent, kind, outcome and error", () => {
    const { recorder, snapshot } = createMetrics({ agents: ["chat"] });
    const failed = sampleFailure("rate_limit", { provider: "b", model: "n" });
    recorder(sampleRecord([failed, sampleAttempt({ number: 2, kind: "fallback" })], { agent: "chat" }));
    recorder(sampleRecord([failed, sampleAttempt({ number: 2, kind: "fallback" })], { agent: "chat" }));
    recorder(sampleRecord([sampleAttempt()], { agent: "somebody" }));
    recorder(sampleRecord([sampleAttempt()]));
    expect(
      snapshot().attempts.map(({ provider, model, agent, attempts }) => [provider, model, agent, attempts]),
    ).toEqual([
      ["b", "n", "chat", [{ kind: "first", outcome: "failed", error: "rate_limit", count: 2 }]],
      ["a", "m", "chat", [{ kind: "fallback", outcome: "success", error: null, count: 2 }]],
      ["a", "m", "other", [{ kind: "first", outcome: "success", error: null, count: 1 }]],
      ["a", "m", "none", [{ kind: "first", outcome: "success", error: null, count: 1 }]],
    ]);
  });

  it("with a code that nobody knows count as other: their number is bounded", () => {
    const { recorder, snapshot } = createMetrics();
    for (let at = 0; at < 100; at += 1) {
      // An adapter in JavaScript.
      recorder(sampleRecord([sampleFailure(`code ${at}` as "server")]));
    }
    expect(snapshot().attempts[0]?.attempts).toEqual([
      { kind: "first", outcome: "failed", error: "other", count: 100 },
    ]);
  });

  it("have durations by outcome and times to the first token", () => {
    const { recorder, snapshot } = createMetrics();
    for (let at = 1; at <= 100; at += 1) recorder(sampleRecord([sampleAttempt({ durationMs: at * 10 })]));
    recorder(sampleRecord([sampleFailure("timeout", { durationMs: 10_000 })]));
    const [series] = snapshot().attempts;
    expect(series?.durations.success).toMatchObject({ totalMs: 50_500, sketch: { count: 100 } });
    expect(series?.durations.failed).toMatchObject({ totalMs: 10_000, sketch: { count: 1 } });
    expect(series?.durations.aborted).toBeUndefined();
    expect(series?.firstTokens).toMatchObject({ totalMs: 10_000, sketch: { count: 100 } });
    const p95 = quantileOf(series?.durations.success?.sketch ?? expect.fail(), 0.95);
    expect(Math.abs((p95 ?? 0) / 950 - 1)).toBeLessThan(0.011);
  });
});

describe("calls", () => {
  it.each<[string, readonly Attempt[], object]>([
    ["served at once", [sampleAttempt()], { outcome: "success", provider: "a", rescued: false }],
    [
      "served after a failure",
      [sampleFailure("server"), sampleAttempt()],
      { outcome: "success", provider: "a", rescued: true },
    ],
    [
      "served by the quicker of two",
      [sampleFailure("aborted", { outcome: "cancelled" }), sampleAttempt()],
      { outcome: "success", provider: "a", rescued: false },
    ],
    ["failed", [sampleFailure("server")], { outcome: "failed", provider: "none", rescued: false }],
    ["failed without a request", [], { outcome: "failed", provider: "none", rescued: false }],
  ])("%s", (_, attempts, expected) => {
    const { recorder, snapshot } = createMetrics();
    recorder(sampleRecord(attempts));
    expect(snapshot().calls).toEqual([{ agent: "none", count: 1, ...expected }]);
  });

  it.each(["aborted", "interrupted"] as const)("%s", (outcome) => {
    const { recorder, snapshot } = createMetrics();
    recorder(sampleRecord([sampleFailure("aborted")], { outcome }));
    expect(snapshot().calls).toMatchObject([{ outcome, rescued: false }]);
  });
});

describe("unknowns are counted apart, never as 0:", () => {
  it.each<[string, Partial<Attempt>, object]>([
    [
      "all is known",
      { usage: sampleUsage(7, 3), cost: cost(50) },
      { unknownUsage: 0, cost: { nanoUsd: 50, unknownAttempts: 0 } },
    ],
    [
      "usage in part",
      { usage: sampleUsage(7, null), cost: cost(50) },
      { unknownUsage: 1, tokens: { input: 7, output: 0 } },
    ],
    [
      "the cost",
      { cost: cost(null, 20, 90) },
      { cost: { nanoUsd: 0, unknownAttempts: 1, unknownLowNanoUsd: 20, unknownHighNanoUsd: 90 } },
    ],
    [
      "the cost, without an upper bound",
      { cost: cost(null, 20, null) },
      { cost: { nanoUsd: 0, unknownAttempts: 1, unknownLowNanoUsd: 20, unknownHighNanoUsd: null } },
    ],
    ["no pricer", {}, { cost: { nanoUsd: 0, unknownAttempts: 1, unknownHighNanoUsd: null } }],
  ])("%s", (_, over, expected) => {
    const { recorder, snapshot } = createMetrics();
    recorder(sampleRecord([sampleAttempt(over)]));
    expect(snapshot().attempts).toMatchObject([expected]);
  });

  it("usage that was not reported; but a request that was not sent has used nothing", () => {
    const { recorder, snapshot } = createMetrics();
    recorder(sampleRecord([sampleFailure("timeout"), sampleFailure("network", { sent: false })]));
    expect(snapshot().attempts).toMatchObject([{ unknownUsage: 1, cost: { unknownAttempts: 1 } }]);
  });
});

it("sums all kinds of tokens", () => {
  const { recorder, snapshot } = createMetrics();
  const usage = sampleUsage(100, 50, {
    cachedInputTokens: 40,
    cacheWriteInputTokens: 30,
    longCacheWriteInputTokens: 10,
    reasoningTokens: 20,
    extras: { audioInputTokens: 5, audioOutputTokens: 6 },
  });
  recorder(sampleRecord([sampleAttempt({ usage })]));
  recorder(sampleRecord([sampleAttempt({ usage })]));
  expect(snapshot().attempts[0]?.tokens).toEqual({
    input: 200,
    output: 100,
    cacheRead: 80,
    cacheWrite: 60,
    longCacheWrite: 20,
    reasoning: 40,
    audioInput: 10,
    audioOutput: 12,
  });
});

it("50,000 agents and models make at most 2,000 series, and the totals are those of all calls", () => {
  const agents = Array.from({ length: 50_000 }, (_, at) => `agent ${at}`);
  const { recorder, snapshot } = createMetrics({ agents });
  for (const [at, agent] of agents.entries()) {
    const attempt = sampleAttempt({ model: `model ${at}`, usage: sampleUsage(at, 1), cost: cost(at * 1_000_003) });
    recorder(sampleRecord([attempt], { agent }));
  }
  const { attempts, calls, overflow } = snapshot();
  expect(attempts.length + calls.length).toBeLessThanOrEqual(2_000);
  const sum = (50_000 * 49_999) / 2;
  expect(countsOf({ attempts, calls, overflow })).toEqual({
    attempts: 50_000,
    calls: 50_000,
    input: sum,
    nanoUsd: sum * 1_000_003,
    durations: 50_000,
  });
  const other = attempts.find(({ model }) => model === "other");
  expect(other).toMatchObject({ provider: "other", agent: "other" });
  expect(overflow).toEqual({ attempts: 50_000 - attempts.length + 1, calls: 50_000 - calls.length + 1 });
});

it("what exceeds the series keeps its outcome", () => {
  const { recorder, snapshot } = createMetrics({ maxSeries: 10 });
  for (let at = 0; at < 20; at += 1) {
    recorder(sampleRecord([sampleAttempt({ provider: `p${at}` })]));
    recorder(sampleRecord([sampleFailure("server", { provider: `p${at}` })]));
  }
  const { attempts, calls } = snapshot();
  expect(attempts.length + calls.length).toBeLessThanOrEqual(10);
  expect(
    attempts
      .find(({ model }) => model === "other")
      ?.attempts.map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(["failed", "success"]);
  const failed = calls.filter(({ outcome }) => outcome === "failed").reduce((sum, { count }) => sum + count, 0);
  expect(failed).toBe(20);
});

it("agents that are not listed share a label", () => {
  const { recorder, snapshot } = createMetrics();
  for (let at = 0; at < 1_000; at += 1) recorder(sampleRecord([sampleAttempt()], { agent: `user ${at}` }));
  expect(snapshot().attempts.map(({ agent }) => agent)).toEqual(["other"]);
});

it("labels cannot collide, whatever they contain", () => {
  const { recorder, snapshot } = createMetrics();
  recorder(
    sampleRecord([sampleAttempt({ provider: "a b", model: "c" }), sampleAttempt({ provider: "a", model: "b c" })]),
  );
  recorder(sampleRecord([sampleAttempt({ provider: "__proto__", model: "constructor" })]));
  expect(snapshot().attempts.length).toBe(3);
});

it("a snapshot does not change", () => {
  const { recorder, snapshot } = createMetrics();
  recorder(sampleRecord([sampleAttempt()]));
  const before = snapshot();
  const text = JSON.stringify(before);
  recorder(sampleRecord([sampleAttempt(), sampleFailure("server")]));
  expect(JSON.stringify(before)).toBe(text);
  expect(JSON.stringify(snapshot())).not.toBe(text);
});

it.each<[object, string]>([
  [{ agents: "chat" }, "agents"],
  [{ agents: ["chat", ""] }, "agents[1]"],
  [{ agents: ["other"] }, "agents[0]"],
  [{ agents: ["none"] }, "agents[0]"],
  [{ maxSeries: 9 }, "maxSeries"],
  [{ maxSeries: 10.5 }, "maxSeries"],
  [{ maxSeries: Number.POSITIVE_INFINITY }, "maxSeries"],
])("refuses %j", (options, path) => {
  expect(() => createMetrics(options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});
