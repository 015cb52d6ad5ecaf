import type { Attempt, CallRecord, Usage } from "@babylon/llm-core";

const EMPTY_USAGE: Usage = {
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

/** A usage of input and output tokens; the rest is not reported. */
export const sampleUsage = (inputTokens: number | null, outputTokens: number | null, more?: Partial<Usage>): Usage => ({
  ...EMPTY_USAGE,
  inputTokens,
  outputTokens,
  ...more,
});

/** A successful attempt on model m of provider a. */
export const sampleAttempt = (over: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  kind: "first",
  provider: "a",
  model: "m",
  transport: "stream",
  endpoint: "https://a.example/v1",
  sent: true,
  startedAt: 1_000,
  durationMs: 500,
  firstTokenMs: 100,
  outcome: "success",
  outputChars: 10,
  usage: sampleUsage(10, 5),
  requestId: null,
  responseId: null,
  responseModel: null,
  serviceTier: null,
  speed: null,
  region: null,
  ...over,
});

/** An attempt that failed with a code, and reported no usage. */
export function sampleFailure(code: NonNullable<Attempt["error"]>["code"], over: Partial<Attempt> = {}): Attempt {
  const error = { code, message: code, status: null, retryAfterMs: null };
  const { usage: _, ...attempt } = sampleAttempt({ outcome: "failed", error, firstTokenMs: null, ...over });
  return attempt;
}

/** The record of a call with these attempts, answered by the last one if that succeeded. */
export function sampleRecord(attempts: readonly Attempt[], over: Partial<CallRecord> = {}): CallRecord {
  const last = attempts.at(-1);
  const served = last?.outcome === "success" ? last : undefined;
  return {
    v: 1,
    callId: "c",
    startedAt: 1_000,
    durationMs: 600,
    firstTokenMs: 100,
    outcome: served === undefined ? "failed" : "success",
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
    totalUsage: EMPTY_USAGE,
    seams: [],
    warnings: [],
    settingsVersion: null,
    ...over,
  };
}
