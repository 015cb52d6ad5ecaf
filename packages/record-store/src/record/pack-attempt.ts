import type { Attempt, Cost, Usage } from "@babylon/llm-core";
import { fieldsOutside } from "./fields-outside.ts";
import { roundDuration } from "./round-duration.ts";

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

const USAGE_FIELDS: ReadonlySet<string> = new Set<keyof Usage>([
  "inputTokens",
  "outputTokens",
  "cachedInputTokens",
  "cacheWriteInputTokens",
  "longCacheWriteInputTokens",
  "reasoningTokens",
]);

const COST_FIELDS: ReadonlySet<string> = new Set<keyof Cost>([
  "nanoUsd",
  "lowNanoUsd",
  "highNanoUsd",
  "currency",
  "source",
  "effective",
]);

/**
 * The fields with a place of their own, and `responseFormat`, which is not stored here: a schema is a part of the prompt, and often longer than the
 * rest of the record. The content of a call has it.
 */
const ATTEMPT_FIELDS: ReadonlySet<string> = new Set<keyof Attempt>([
  "number",
  "kind",
  "provider",
  "model",
  "transport",
  "endpoint",
  "sent",
  "startedAt",
  "durationMs",
  "firstTokenMs",
  "outcome",
  "outputChars",
  "usage",
  "cost",
  "requestId",
  "responseId",
  "responseModel",
  "serviceTier",
  "speed",
  "region",
  "responseFormat",
]);

/** Packs a usage. */
export function packUsage(usage: Usage | undefined): PackedUsage {
  if (usage === undefined) return 0;
  const packed = [
    usage.inputTokens,
    usage.outputTokens,
    usage.cachedInputTokens,
    usage.cacheWriteInputTokens,
    usage.longCacheWriteInputTokens,
    usage.reasoningTokens,
  ] as const;
  const rest = fieldsOutside(usage, USAGE_FIELDS);
  return rest === null ? packed : [...packed, rest];
}

/** Packs a cost. */
export function packCost(cost: Cost | undefined): PackedCost {
  if (cost === undefined) return 0;
  const packed = [cost.nanoUsd, cost.lowNanoUsd, cost.highNanoUsd, cost.source, cost.effective] as const;
  const rest = fieldsOutside(cost, COST_FIELDS);
  return rest === null ? packed : [...packed, rest];
}

/** Packs an attempt. Fields that are not known here are kept. */
export function packAttempt(attempt: Attempt): PackedAttempt {
  const packed = [
    attempt.number,
    attempt.kind,
    attempt.provider,
    attempt.model,
    attempt.transport,
    attempt.endpoint,
    attempt.sent ? 1 : 0,
    attempt.startedAt,
    roundDuration(attempt.durationMs),
    attempt.firstTokenMs === null ? null : roundDuration(attempt.firstTokenMs),
    attempt.outcome,
    attempt.outputChars,
    packUsage(attempt.usage),
    packCost(attempt.cost),
    attempt.requestId,
    attempt.responseId,
    attempt.responseModel,
    attempt.serviceTier,
    attempt.speed,
    attempt.region,
  ] as const;
  const rest = fieldsOutside(attempt, ATTEMPT_FIELDS);
  return rest === null ? packed : [...packed, rest];
}
