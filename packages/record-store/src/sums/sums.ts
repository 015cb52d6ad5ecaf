import { addToSketch, createSketch, type Sketch } from "@babylon/llm-core/sketch";
import type { UsageRow } from "../contract/usage-query.ts";
import type { AttemptFigures, RecordFigures } from "../record/record-figures.ts";
import { mergeDurations } from "./durations.ts";

/** One of the counts. */
export type SumField = Exclude<keyof UsageRow, "at" | "group" | "latency" | "firstToken">;

/** The counts of sums, in their stored order. */
export const SUM_FIELDS: readonly SumField[] = [
  "calls",
  "failed",
  "aborted",
  "rescued",
  "fallbacks",
  "attempts",
  "failedAttempts",
  "inputTokens",
  "cachedInputTokens",
  "cacheWriteInputTokens",
  "outputTokens",
  "reasoningTokens",
  "unknownUsage",
  "nanoUsd",
  "lowNanoUsd",
  "unknownCost",
];

/** Sums of calls: the counts and the durations. */
export type Sums = { [F in SumField]: number } & { readonly latency: Sketch; readonly firstToken: Sketch };

/** Creates sums of nothing. */
export const createSums = (): Sums => ({
  calls: 0,
  failed: 0,
  aborted: 0,
  rescued: 0,
  fallbacks: 0,
  attempts: 0,
  failedAttempts: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  unknownUsage: 0,
  nanoUsd: 0,
  lowNanoUsd: 0,
  unknownCost: 0,
  latency: createSketch(),
  firstToken: createSketch(),
});

/** Counts a call, without its attempts and durations. */
export function addCallCounts(
  sums: Sums,
  outcome: string,
  { rescued, fallback }: Pick<RecordFigures, "rescued" | "fallback">,
): void {
  sums.calls += 1;
  if (outcome === "failed" || outcome === "interrupted") sums.failed += 1;
  if (outcome === "aborted") sums.aborted += 1;
  if (rescued) sums.rescued += 1;
  if (fallback) sums.fallbacks += 1;
}

/** Adds an attempt, without its durations. */
export function addAttemptCounts(sums: Sums, attempt: Omit<AttemptFigures, "provider" | "model">): void {
  sums.attempts += 1;
  if (attempt.failed) sums.failedAttempts += 1;
  sums.inputTokens += attempt.inputTokens;
  sums.cachedInputTokens += attempt.cachedInputTokens;
  sums.cacheWriteInputTokens += attempt.cacheWriteInputTokens;
  sums.outputTokens += attempt.outputTokens;
  sums.reasoningTokens += attempt.reasoningTokens;
  if (attempt.unknownUsage) sums.unknownUsage += 1;
  sums.nanoUsd += attempt.nanoUsd;
  sums.lowNanoUsd += attempt.lowNanoUsd;
  if (attempt.unknownCost) sums.unknownCost += 1;
}

/** Adds the durations of a successful call or attempt. */
export function addDurations(
  sums: Sums,
  { durationMs, firstTokenMs }: Pick<RecordFigures, "durationMs" | "firstTokenMs">,
): void {
  addToSketch(sums.latency, durationMs);
  if (firstTokenMs !== null) addToSketch(sums.firstToken, firstTokenMs);
}

/** Adds all of other sums. */
export function mergeSums(into: Sums, from: Sums): void {
  for (const field of SUM_FIELDS) into[field] += from[field];
  mergeDurations(into.latency, from.latency);
  mergeDurations(into.firstToken, from.firstToken);
}
