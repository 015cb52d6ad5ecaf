import type { Attempt, AttemptAsk, Permit, Refusal, Usage } from "@babylon/llm-core";

const NEVER: AbortSignal = new AbortController().signal;

/** A question to a gate. */
export function toAsk(fields: Partial<AttemptAsk> = {}): AttemptAsk {
  return {
    callId: "call",
    number: 1,
    kind: "first",
    provider: "groq",
    model: "m",
    tenant: null,
    agent: null,
    purpose: null,
    requestBytes: 1_000,
    maxOutputTokens: 100,
    signal: NEVER,
    ...fields,
  };
}

/** Tokens of an attempt, none of them cached. */
export function tokens(inputTokens: number | null, outputTokens: number | null): Usage {
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: null,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: null,
  };
}

/** An ended attempt. */
export function toAttempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    kind: "first",
    provider: "groq",
    model: "m",
    transport: "stream",
    endpoint: null,
    sent: true,
    startedAt: Date.UTC(2026, 10, 22),
    durationMs: 5,
    firstTokenMs: 1,
    outcome: "success",
    outputChars: 0,
    requestId: null,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
    ...fields,
  };
}

/** The permit of an answer. Throws if it is a refusal. */
export async function permitOf(answer: Permit | Refusal | Promise<Permit | Refusal>): Promise<Permit> {
  const given = await answer;
  if ("settle" in given) return given;
  throw new Error(`refused: ${given.why}`);
}

/** The refusal of an answer. Throws if it is a permit. */
export async function refusalOf(answer: Permit | Refusal | Promise<Permit | Refusal>): Promise<Refusal> {
  const given = await answer;
  if ("why" in given) return given;
  throw new Error("permitted");
}
