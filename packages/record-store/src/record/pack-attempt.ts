import type { Attempt, Cost, Usage } from "@babylon/llm-core";
import { isEmpty } from "./is-empty.ts";

/** A usage by position; `0`: none. The last place has what is not in another one. */
export type PackedUsage =
  | 0
  | readonly [
      input: number | null,
      output: number | null,
      cached: number | null,
      cacheWrite: number | null,
      longCacheWrite: number | null,
      reasoning: number | null,
      rest?: object,
    ];

/** A cost by position; `0`: none. */
export type PackedCost =
  | 0
  | readonly [
      nano: number | null,
      low: number,
      high: number | null,
      source: Cost["source"],
      effective: string | null,
      rest?: object,
    ];

/** An attempt by position: a third of the size of its JSON, and of the time to write it. */
export type PackedAttempt = readonly [
  number: number,
  kind: Attempt["kind"],
  provider: string,
  model: string,
  transport: Attempt["transport"],
  endpoint: string | null,
  sent: 0 | 1,
  startedAt: number,
  durationMs: number,
  firstTokenMs: number | null,
  outcome: Attempt["outcome"],
  outputChars: number,
  usage: PackedUsage,
  cost: PackedCost,
  requestId: string | null,
  responseId: string | null,
  responseModel: string | null,
  serviceTier: string | null,
  speed: string | null,
  region: string | null,
  rest?: object,
];

/** Packs a usage. */
export function packUsage(usage: Usage | undefined): PackedUsage {
  if (usage === undefined) return 0;
  const {
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    longCacheWriteInputTokens,
    reasoningTokens,
    ...rest
  } = usage;
  const packed = [
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    longCacheWriteInputTokens,
    reasoningTokens,
  ] as const;
  return isEmpty(rest) ? packed : [...packed, rest];
}

/** Packs a cost. */
export function packCost(cost: Cost | undefined): PackedCost {
  if (cost === undefined) return 0;
  const { nanoUsd, lowNanoUsd, highNanoUsd, currency, source, effective, ...rest } = cost;
  const packed = [nanoUsd, lowNanoUsd, highNanoUsd, source, effective] as const;
  return isEmpty(rest) ? packed : [...packed, rest];
}

/** Packs an attempt. Fields that are not known here are kept. */
export function packAttempt(attempt: Attempt): PackedAttempt {
  const {
    number,
    kind,
    provider,
    model,
    transport,
    endpoint,
    sent,
    startedAt,
    durationMs,
    firstTokenMs,
    outcome,
    outputChars,
    usage,
    cost,
    requestId,
    responseId,
    responseModel,
    serviceTier,
    speed,
    region,
    ...rest
  } = attempt;
  const packed = [
    number,
    kind,
    provider,
    model,
    transport,
    endpoint,
    sent ? 1 : 0,
    startedAt,
    durationMs,
    firstTokenMs,
    outcome,
    outputChars,
    packUsage(usage),
    packCost(cost),
    requestId,
    responseId,
    responseModel,
    serviceTier,
    speed,
    region,
  ] as const;
  return isEmpty(rest) ? packed : [...packed, rest];
}
