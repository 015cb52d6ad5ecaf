import { type Attempt, type CallRecord, UNKNOWN_USAGE } from "@babylon/llm-core";
import { fixedCost } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { resultTable } from "./result-table.ts";

const NAMES = new Map([
  ["wandb", "Weights & Biases"],
  ["groq", "Groq"],
]);

function attempt(number: number, provider: string, durationMs: number, tokens: number | null): Attempt {
  const details = {
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: null,
  };
  return {
    number,
    kind: "first",
    transport: "stream",
    endpoint: null,
    sent: true,
    outputChars: 0,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
    provider,
    model: "m",
    // After the end of the previous one.
    startedAt: number * 10_000,
    durationMs,
    firstTokenMs: null,
    requestId: null,
    outcome: tokens === null ? "failed" : "success",
    // A failed request was refused and costs nothing, and 1,800 ms is the one that is not priced.
    cost: durationMs === 1_800 ? { ...fixedCost(0), nanoUsd: null } : fixedCost((tokens ?? 0) * 1_000),
    ...(tokens === null ? {} : { usage: { inputTokens: tokens, outputTokens: 5, ...details } }),
  };
}

function record(...attempts: Attempt[]): CallRecord {
  return {
    v: 1,
    callId: "c",
    startedAt: 0,
    durationMs: 1,
    firstTokenMs: null,
    outcome: "success",
    agent: null,
    purpose: null,
    tenant: null,
    unit: null,
    metadata: null,
    options: {},
    provider: attempts.at(-1)?.provider ?? null,
    model: "m",
    responseId: null,
    finishReason: "stop",
    attempts,
    totalUsage: UNKNOWN_USAGE,
    seams: [],
    warnings: [],
    settingsVersion: null,
  };
}

test("one line per provider, the total on the last, unknown values marked", () => {
  const records = [
    record(attempt(1, "wandb", 41, 12_345)),
    record(attempt(1, "wandb", 3, null), attempt(2, "wandb", 3, null), attempt(3, "groq", 1_800, 1_000)),
  ];
  expect(resultTable(records, NAMES)).toEqual([
    "provider          served  requests  failed  retries  fell back   tokens in  tokens out           cost    p50    p95",
    "Weights & Biases       1         3       2        1          1  12,345 + ?       5 + ?      $0.012345  41 ms  41 ms",
    "Groq                   1         1       0        0          0       1,000           5        unknown  1.8 s  1.8 s",
    "all                    2         4       2        1          1  13,345 + ?      10 + ?  $0.012345 + ?  41 ms  1.8 s",
    "",
    "Times are of successful requests. The tokens of 2 requests are unknown. The cost of one request is unknown.",
  ]);
});

test("a provider without answers has no times and unknown tokens", () => {
  const lines = resultTable([record(attempt(1, "wandb", 3, null), attempt(2, "groq", 20, 7))], NAMES);
  expect(lines[1]?.split(/ {2,}/)).toEqual([
    "Weights & Biases",
    "0",
    "1",
    "1",
    "0",
    "1",
    "unknown",
    "unknown",
    "$0.00",
    "-",
    "-",
  ]);
  expect(lines.at(-1)).toContain("The tokens of one request are unknown.");
});

test("without unknown tokens there is no footnote", () => {
  const lines = resultTable([record(attempt(1, "groq", 20, 7))], NAMES);
  expect(lines.at(-1)).toBe("Times are of successful requests.");
  expect(lines[1]?.split(/ {2,}/)).toEqual(["Weights & Biases", "0", "0", "0", "0", "0", "0", "0", "$0.00", "-", "-"]);
});
