import {
  type Attempt,
  addUsage,
  type CallRecord,
  type Cost,
  NO_USAGE,
  UNKNOWN_USAGE,
  type Usage,
} from "@babylon/llm-core";
import { roundDuration } from "../record/round-duration.ts";

/** Two models for each of four providers. */
const LINKS = [
  ["wandb", "meta-llama/Llama-3.3-70B-Instruct"],
  ["wandb", "deepseek-ai/DeepSeek-V3.1"],
  ["groq", "openai/gpt-oss-120b"],
  ["groq", "openai/gpt-oss-20b"],
  ["claude", "claude-sonnet-5-5"],
  ["claude", "claude-haiku-5-5"],
  ["openai", "gpt-6-luna"],
  ["openai", "gpt-6-luna-mini"],
] as const;
const PURPOSES = ["chat", "post", "question", "article", "memory"] as const;

/** How many different names there are. */
export interface RecordMix {
  readonly agents: number;
  readonly tenants: number;
}

const pick = <T>(random: () => number, items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};

const upTo = (random: () => number, limit: number): number => Math.floor(random() * limit);

function randomUsage(random: () => number): Usage | undefined {
  if (random() < 0.1) return undefined;
  const inputTokens = 200 + upTo(random, 4_000);
  return {
    inputTokens,
    outputTokens: random() < 0.05 ? null : 10 + upTo(random, 900),
    cachedInputTokens: random() < 0.3 ? upTo(random, inputTokens) : 0,
    cacheWriteInputTokens: random() < 0.1 ? upTo(random, 300) : null,
    longCacheWriteInputTokens: null,
    reasoningTokens: random() < 0.2 ? upTo(random, 200) : null,
    ...(random() < 0.02 ? { extras: { webSearches: 1 } } : {}),
  };
}

function randomCost(random: () => number, usage: Usage | undefined): Cost | undefined {
  if (random() < 0.02) return undefined;
  const nanoUsd =
    usage?.inputTokens == null || usage.outputTokens === null
      ? null
      : usage.inputTokens * 150 + usage.outputTokens * 600;
  return {
    nanoUsd,
    lowNanoUsd: nanoUsd ?? upTo(random, 50_000),
    highNanoUsd: nanoUsd,
    currency: "USD",
    source: nanoUsd === null ? "none" : "list",
    effective: nanoUsd === null ? null : "2026-10-01",
  };
}

function randomAttempt(random: () => number, number: number, startedAt: number, outcome: Attempt["outcome"]): Attempt {
  const [provider, model] = pick(random, LINKS);
  const sent = random() > 0.02 || outcome === "success";
  const usage = outcome === "success" || random() < 0.1 ? randomUsage(random) : undefined;
  const cost = sent ? randomCost(random, usage) : undefined;
  const durationMs = roundDuration(Math.exp(4 + random() * 5));
  return {
    number,
    kind: number === 1 ? "first" : "fallback",
    provider,
    model,
    transport: random() < 0.5 ? "json" : "stream",
    endpoint: `https://api.${provider}.example/v1/chat/completions`,
    sent,
    startedAt,
    durationMs,
    firstTokenMs: outcome === "success" ? roundDuration(durationMs * random()) : null,
    outcome,
    ...(outcome === "success"
      ? {}
      : {
          error: {
            code: "server" as const,
            message: `${provider}: the server failed`,
            status: 503,
            retryAfterMs: null,
          },
        }),
    outputChars: upTo(random, 3_000),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    requestId: `req_${upTo(random, 1e9).toString(36)}`,
    responseId: `chatcmpl-${upTo(random, 1e9).toString(36)}`,
    responseModel: model,
    serviceTier: null,
    speed: null,
    region: null,
  };
}

function totalCost(attempts: readonly Attempt[]): Cost | undefined {
  const costs = attempts.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0) return undefined;
  const sum = (values: readonly (number | null)[]): number | null =>
    values.reduce((a, b) => (a === null || b === null ? null : a + b), 0);
  return {
    nanoUsd: sum(costs.map(({ nanoUsd }) => nanoUsd)),
    lowNanoUsd: costs.reduce((low, { lowNanoUsd }) => low + lowNanoUsd, 0),
    highNanoUsd: sum(costs.map(({ highNanoUsd }) => highNanoUsd)),
    currency: "USD",
    source: "list",
    effective: null,
  };
}

/** A call as a client records it: 85 % succeed, some after failed attempts; some have no agent, tenant or usage. */
export function randomRecord(random: () => number, callId: string, startedAt: number, mix: RecordMix): CallRecord {
  const fate = random();
  const outcome = fate < 0.85 ? "success" : fate < 0.93 ? "failed" : fate < 0.97 ? "aborted" : "interrupted";
  const failures = outcome === "failed" ? upTo(random, 3) : random() < 0.12 ? 1 + upTo(random, 2) : 0;
  const attempts = Array.from({ length: failures }, (_, at) => randomAttempt(random, at + 1, startedAt, "failed"));
  if (outcome !== "failed") {
    attempts.push(randomAttempt(random, failures + 1, startedAt, outcome === "interrupted" ? "failed" : outcome));
  }
  const served = outcome === "success" ? attempts.at(-1) : undefined;
  const cost = totalCost(attempts);
  const durationMs = roundDuration(attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0));
  return {
    v: 1,
    callId,
    startedAt,
    durationMs,
    firstTokenMs: served?.firstTokenMs ?? null,
    outcome,
    ...(outcome === "success"
      ? {}
      : {
          error: {
            code: outcome === "failed" ? "all_failed" : outcome,
            message: "it ended early",
            status: null,
            retryAfterMs: null,
          },
        }),
    agent: random() < 0.05 ? null : `agent-${upTo(random, mix.agents)}`,
    purpose: random() < 0.1 ? null : pick(random, PURPOSES),
    tenant: random() < 0.1 ? null : `tenant-${upTo(random, mix.tenants)}`,
    unit: random() < 0.1 ? { session: "s-1" } : null,
    metadata: random() < 0.2 ? { round: upTo(random, 100) } : null,
    options: random() < 0.5 ? { temperature: 0.7, maxOutputTokens: 400 } : {},
    provider: served?.provider ?? null,
    model: served?.model ?? null,
    responseId: served?.responseId ?? null,
    finishReason: served === undefined ? null : "stop",
    attempts,
    totalUsage: attempts
      .map(({ usage, sent }) => usage ?? (sent ? UNKNOWN_USAGE : NO_USAGE))
      .reduce(addUsage, NO_USAGE),
    ...(cost === undefined ? {} : { cost }),
    seams: [],
    warnings: random() < 0.05 ? ["a part was left out"] : [],
    settingsVersion: 3,
  };
}

/** A call id as clients make them. */
export function randomCallId(random: () => number): string {
  const part = (): string =>
    upTo(random, 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return `${part()}-${part()}${part()}-${part()}`;
}
