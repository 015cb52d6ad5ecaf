import type { Attempt, AttemptAsk, PriceAsk, Pricer } from "@babylon/llm-core";
import { nanoAtRate, type UnknownRate } from "./price-policy.ts";

/** Prices that bound what an attempt may cost. */
export interface HighestCost {
  /** Billionths of a US dollar; `null`: the price is not known, and such attempts are refused. */
  of(ask: Pick<AttemptAsk, "provider" | "model" | "tenant">, inputTokens: number, outputTokens: number): number | null;
}

/** Bounds by a pricer; without one, no price is known. */
export function createHighestCost(
  pricer: Pricer | undefined,
  unknownRate: UnknownRate | null,
  now: () => number,
): HighestCost {
  return {
    of({ provider, model, tenant }, inputTokens, outputTokens) {
      const ask = { provider, model, tenant, startedAt: now(), inputTokens, outputTokens };
      const nano = pricer === undefined ? null : highestOf(pricer, ask);
      if (nano !== null && nano >= 0) return Math.ceil(nano);
      return unknownRate === null ? null : nanoAtRate(unknownRate, inputTokens, outputTokens);
    },
  };
}

function highestOf(pricer: Pricer, ask: PriceAsk): number | null {
  try {
    if (pricer.highest !== undefined) return pricer.highest(ask);
    const { nanoUsd, highNanoUsd } = pricer.price(toAttempt(ask), ask.tenant);
    return highNanoUsd ?? nanoUsd;
  } catch {
    // A pricer of the caller's own: what it cannot price has no known price.
    return null;
  }
}

/** An attempt that used exactly these tokens, none of them cached. */
function toAttempt({ provider, model, startedAt, inputTokens, outputTokens }: PriceAsk): Attempt {
  return {
    number: 1,
    kind: "first",
    provider,
    model,
    transport: "stream",
    endpoint: null,
    sent: true,
    startedAt,
    durationMs: 0,
    firstTokenMs: null,
    outcome: "success",
    outputChars: 0,
    usage: {
      inputTokens,
      outputTokens,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      longCacheWriteInputTokens: 0,
      reasoningTokens: null,
    },
    requestId: null,
    responseId: null,
    responseModel: null,
    serviceTier: null,
    speed: null,
    region: null,
  };
}
