import type { Attempt, CallRecord, Usage } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { countAll, countByProvider } from "./provider-stats.ts";

const usage = (inputTokens: number | null, outputTokens: number | null): Usage => ({
  inputTokens,
  outputTokens,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
});

type Step = readonly [provider: string, outcome: Attempt["outcome"], durationMs: number, usage?: Usage];

function record(...steps: readonly Step[]): CallRecord {
  const attempts = steps.map(([provider, outcome, durationMs, used], index): Attempt => {
    const model = `${provider}-model`;
    const base: Attempt = {
      number: index + 1,
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
      model,
      // After the end of the previous one.
      startedAt: index * 10_000,
      durationMs,
      firstTokenMs: null,
      outcome,
      requestId: null,
    };
    return used === undefined ? base : { ...base, usage: used };
  });
  const last = attempts.at(-1);
  const served = last?.outcome === "success" ? last : null;
  return {
    v: 1,
    callId: "c",
    startedAt: 0,
    durationMs: 1,
    firstTokenMs: null,
    outcome: served ? "success" : "failed",
    agent: null,
    purpose: null,
    tenant: null,
    unit: null,
    metadata: null,
    options: {},
    provider: served?.provider ?? null,
    model: served?.model ?? null,
    responseId: null,
    finishReason: null,
    attempts,
    totalUsage: usage(null, null),
    seams: [],
    warnings: [],
    settingsVersion: null,
  };
}

const records = [
  record(["wandb", "success", 10, usage(100, 5)]),
  record(["wandb", "success", 30, usage(100, null)]),
  record(["wandb", "failed", 500], ["wandb", "failed", 500], ["groq", "success", 20, usage(90, 7)]),
  record(["wandb", "failed", 500], ["groq", "failed", 2000]),
];

test("the figures of a provider are computed from the attempts", () => {
  const stats = countByProvider(records, ["wandb", "groq", "claude"]);
  expect([...stats.keys()]).toEqual(["wandb", "groq", "claude"]);
  expect(stats.get("wandb")).toEqual({
    served: 2,
    attempts: 5,
    failed: 3,
    retries: 1,
    fallbacks: 2,
    inputTokens: { known: 200, unknown: 3 },
    outputTokens: { known: 5, unknown: 4 },
    nanoUsd: { known: 0, unknown: 5 },
    p50Ms: 10,
    p95Ms: 30,
  });
  expect(stats.get("groq")).toMatchObject({ served: 1, attempts: 2, failed: 1, retries: 0, fallbacks: 0, p50Ms: 20 });
});

test("a provider without requests has zero counts and no times", () => {
  expect(countByProvider(records, ["claude"]).get("claude")).toEqual({
    served: 0,
    attempts: 0,
    failed: 0,
    retries: 0,
    fallbacks: 0,
    inputTokens: { known: 0, unknown: 0 },
    outputTokens: { known: 0, unknown: 0 },
    nanoUsd: { known: 0, unknown: 0 },
    p50Ms: null,
    p95Ms: null,
  });
});

test("a provider with requests is counted even if it is not listed", () => {
  expect([...countByProvider(records, []).keys()]).toEqual(["wandb", "groq"]);
});

test("the total is the sum of the providers", () => {
  const all = countAll(records);
  const parts = [...countByProvider(records, []).values()];
  for (const field of ["served", "attempts", "failed", "retries", "fallbacks"] as const) {
    expect(all[field], field).toBe(parts.reduce((total, part) => total + part[field], 0));
  }
  expect(all.p50Ms).toBe(20);
});
