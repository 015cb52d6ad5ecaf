import type { Attempt, CallRecord, Usage } from "@babylon/llm-core";

const PROVIDERS = ["wandb", "groq", "claude", "openai"] as const;
const NO_TOKENS: Usage = {
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

function attemptOf(number: number, provider: string, startedAt: number, failed: boolean, priced: boolean): Attempt {
  const usage: Usage = { ...NO_TOKENS, inputTokens: 900, outputTokens: 100, cachedInputTokens: 300 };
  const nanoUsd = failed || !priced ? null : 1_234_000;
  return {
    number,
    kind: number === 1 ? "first" : "fallback",
    provider,
    model: `${provider}-model`,
    transport: "stream",
    endpoint: `https://api.${provider}.example/v1`,
    sent: true,
    startedAt,
    durationMs: 400,
    firstTokenMs: failed ? null : 120,
    outcome: failed ? "failed" : "success",
    ...(failed
      ? { error: { code: "server", message: "the provider failed", status: 503, retryAfterMs: 2_000 } }
      : { usage }),
    outputChars: failed ? 0 : 300,
    cost: { nanoUsd, lowNanoUsd: nanoUsd ?? 0, highNanoUsd: nanoUsd, currency: "USD", source: "list", effective: null },
    requestId: `req_${provider}_${number}`,
    responseId: null,
    responseModel: null,
    serviceTier: "default",
    speed: null,
    region: null,
  };
}

/** One call of a service: each fourth falls back, each twentieth fails, each tenth has no price. With a canary as content. */
export function sampleRecord(at: number, startedAt: number, canary: string): CallRecord {
  const lost = at % 20 === 19;
  const fallsBack = at % 4 === 3;
  const provider = PROVIDERS[at % 4] ?? "wandb";
  const attempts =
    fallsBack || lost
      ? [attemptOf(1, "wandb", startedAt, true, true), attemptOf(2, provider, startedAt + 400, lost, at % 10 !== 0)]
      : [attemptOf(1, provider, startedAt, false, at % 10 !== 0)];
  const last = attempts.at(-1);
  const costs = attempts.map(({ cost }) => cost?.nanoUsd ?? null);
  const known = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return {
    v: 1,
    callId: `call-${at}`,
    startedAt,
    durationMs: attempts.length * 400,
    firstTokenMs: lost ? null : attempts.length * 400 - 280,
    outcome: lost ? "failed" : "success",
    ...(lost && last?.error !== undefined ? { error: last.error } : {}),
    agent: `agent-${at % 13}`,
    purpose: at % 2 === 0 ? "chat" : null,
    tenant: at % 3 === 0 ? "acme" : null,
    unit: { session: "s1" },
    metadata: { ticket: 7 },
    options: {},
    provider: lost ? null : (last?.provider ?? null),
    model: lost ? null : (last?.model ?? null),
    responseId: null,
    finishReason: lost ? null : "stop",
    attempts,
    totalUsage: fallsBack || lost ? NO_TOKENS : (last?.usage ?? NO_TOKENS),
    cost: {
      nanoUsd: costs.includes(null) ? null : known,
      lowNanoUsd: known,
      highNanoUsd: costs.includes(null) ? null : known,
      currency: "USD",
      source: "list",
      effective: null,
    },
    seams: [],
    warnings: at % 50 === 0 ? ["temperature is not supported by this model and was dropped"] : [],
    settingsVersion: 1,
    content: {
      messages: [{ role: "user", content: `${canary} of the prompt` }],
      text: lost ? null : `${canary} of the answer`,
      reasoning: null,
      toolCalls: [],
      requests: [],
    },
  };
}
