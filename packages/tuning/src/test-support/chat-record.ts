import type { Attempt, CallRecord, Message, RecordedContent } from "@babylon/llm-core";

const USAGE = {
  inputTokens: 120,
  outputTokens: 30,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

const attemptOf = (provider: string, model: string): Attempt => ({
  number: 1,
  kind: "first",
  provider,
  model,
  transport: "json",
  endpoint: null,
  sent: true,
  startedAt: 0,
  durationMs: 500,
  firstTokenMs: 100,
  outcome: "success",
  outputChars: 10,
  usage: USAGE,
  requestId: null,
  responseId: null,
  responseModel: null,
  serviceTier: null,
  speed: null,
  region: null,
});

/** Content of a call with one question. */
export const contentOf = (
  prompt: string | readonly Message[],
  answer: string,
  more: Partial<RecordedContent> = {},
): RecordedContent => ({
  messages: typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt,
  text: answer,
  reasoning: null,
  toolCalls: [],
  requests: [],
  ...more,
});

/** A successful call. */
export function chatRecord(
  callId: string,
  content: RecordedContent | undefined,
  more: Partial<CallRecord> = {},
): CallRecord {
  return {
    v: 1,
    callId,
    startedAt: 1_790_000_000_000,
    durationMs: 500,
    firstTokenMs: 100,
    outcome: "success",
    agent: null,
    purpose: null,
    tenant: null,
    unit: null,
    metadata: null,
    options: {},
    provider: "wandb",
    model: "m",
    responseId: null,
    finishReason: "stop",
    attempts: [attemptOf("wandb", "m")],
    totalUsage: USAGE,
    seams: [],
    warnings: [],
    settingsVersion: null,
    ...(content === undefined ? {} : { content }),
    ...more,
  };
}
