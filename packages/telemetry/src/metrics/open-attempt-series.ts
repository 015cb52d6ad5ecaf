import { type Attempt, type AttemptOutcome, ERROR_POLICY, type LLMErrorCode, type Usage } from "@babylon/llm-core";
import type { AttemptCount, AttemptSeries, CostSums, TokenSums } from "./metrics.ts";
import { addDuration, copyDurations, type OpenDurations, openDurations } from "./open-durations.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A series that is still added to. */
export interface OpenAttemptSeries {
  readonly provider: string;
  readonly model: string;
  readonly agent: string;
  readonly attempts: Map<string, Writable<AttemptCount>>;
  readonly tokens: Writable<TokenSums>;
  unknownUsage: number;
  readonly cost: Writable<CostSums>;
  readonly durations: Partial<Record<AttemptOutcome, OpenDurations>>;
  readonly firstTokens: OpenDurations;
}

/** Creates an empty series. */
export const openAttemptSeries = (provider: string, model: string, agent: string): OpenAttemptSeries => ({
  provider,
  model,
  agent,
  attempts: new Map(),
  tokens: {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    longCacheWrite: 0,
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
  },
  unknownUsage: 0,
  cost: { nanoUsd: 0, unknownAttempts: 0, unknownLowNanoUsd: 0, unknownHighNanoUsd: 0 },
  durations: {},
  firstTokens: openDurations(),
});

const isKnownCode = (code: string): code is LLMErrorCode => Object.hasOwn(ERROR_POLICY, code);

function toError(code: string | undefined): AttemptCount["error"] {
  if (code === undefined) return null;
  // Adapters in JavaScript may invent codes; the number of labels stays bounded.
  return isKnownCode(code) ? code : "other";
}

function addCount({ attempts }: OpenAttemptSeries, { kind, outcome, error }: Attempt): void {
  const code = toError(error?.code);
  const key = `${kind} ${outcome} ${code}`;
  const found = attempts.get(key);
  if (found === undefined) attempts.set(key, { kind, outcome, error: code, count: 1 });
  else found.count += 1;
}

function addTokens(tokens: Writable<TokenSums>, usage: Usage): void {
  tokens.input += usage.inputTokens ?? 0;
  tokens.output += usage.outputTokens ?? 0;
  tokens.cacheRead += usage.cachedInputTokens ?? 0;
  tokens.cacheWrite += usage.cacheWriteInputTokens ?? 0;
  tokens.longCacheWrite += usage.longCacheWriteInputTokens ?? 0;
  tokens.reasoning += usage.reasoningTokens ?? 0;
  if (usage.extras === undefined) return;
  tokens.audioInput += usage.extras.audioInputTokens ?? 0;
  tokens.audioOutput += usage.extras.audioOutputTokens ?? 0;
}

function addUsage(series: OpenAttemptSeries, { usage, sent }: Attempt): void {
  if (usage !== undefined) addTokens(series.tokens, usage);
  // A request that was not sent has used nothing.
  else if (!sent) return;
  if (usage === undefined || usage.inputTokens === null || usage.outputTokens === null) series.unknownUsage += 1;
}

function addCost(sums: Writable<CostSums>, { cost, sent }: Attempt): void {
  if (cost !== undefined && cost !== null && cost.nanoUsd !== null) {
    sums.nanoUsd += cost.nanoUsd;
    return;
  }
  if (!sent) return;
  sums.unknownAttempts += 1;
  const high = cost?.highNanoUsd ?? null;
  sums.unknownLowNanoUsd += cost?.lowNanoUsd ?? 0;
  sums.unknownHighNanoUsd = high === null || sums.unknownHighNanoUsd === null ? null : sums.unknownHighNanoUsd + high;
}

/** Adds one attempt. */
export function addAttempt(series: OpenAttemptSeries, attempt: Attempt): void {
  const { outcome, durationMs, firstTokenMs } = attempt;
  addCount(series, attempt);
  addUsage(series, attempt);
  addCost(series.cost, attempt);
  series.durations[outcome] ??= openDurations();
  addDuration(series.durations[outcome], durationMs);
  if (firstTokenMs !== null) addDuration(series.firstTokens, firstTokenMs);
}

/** A copy for a snapshot. */
export function copyAttemptSeries(series: OpenAttemptSeries): AttemptSeries {
  const durations: Writable<AttemptSeries["durations"]> = {};
  for (const outcome of ["success", "failed", "aborted", "cancelled"] as const) {
    const open = series.durations[outcome];
    if (open !== undefined) durations[outcome] = copyDurations(open);
  }
  return {
    provider: series.provider,
    model: series.model,
    agent: series.agent,
    attempts: Array.from(series.attempts.values(), (counted) => ({ ...counted })),
    tokens: { ...series.tokens },
    unknownUsage: series.unknownUsage,
    cost: { ...series.cost },
    durations,
    firstTokens: copyDurations(series.firstTokens),
  };
}
