import { type Attempt, type CallRecord, type Exposure, wasRefused } from "@babylon/llm-core";
import type { ExposureRow } from "../rows/experiment-rows.ts";

type Values = ExposureRow["values"];

/**
 * The metrics that follow from the record of a call. An aborted call says nothing about latency and failure; a failed one took its time. An
 * answer that did not fit its schema counts each time.
 */
export function recordValues(record: CallRecord): Omit<Values, "fallback"> {
  const { outcome, durationMs, firstTokenMs, cost, attempts } = record;
  const isAborted = outcome === "aborted";
  const nanoUsd = cost?.nanoUsd ?? null;
  return {
    latencyMs: isAborted ? null : durationMs,
    firstTokenMs,
    costUsd: nanoUsd === null ? null : nanoUsd / 1e9,
    failure: isAborted ? null : outcome === "success" ? 0 : 1,
    outputTokens: outputTokens(attempts),
    schemaFailures: schemaFailures(record),
  };
}

/**
 * Of all attempts. One that was refused before any output has none: if such calls were unknown, an arm that falls back would be compared by its
 * other calls alone.
 */
function outputTokens(attempts: readonly Attempt[]): number | null {
  let sum = 0;
  for (const attempt of attempts) {
    const tokens = attempt.usage?.outputTokens ?? (attempt.usage === undefined && wasRefused(attempt) ? 0 : null);
    if (tokens === null) return null;
    sum += tokens;
  }
  return sum;
}

/** `null`: the call was for free text. */
function schemaFailures({ attempts, options }: CallRecord): number | null {
  const isFree =
    options.responseFormat === undefined && attempts.every(({ responseFormat }) => responseFormat === undefined);
  if (isFree) return null;
  return attempts.filter(({ error }) => error?.code === "schema_mismatch").length;
}

/** 1 if another link than the intended one was asked to answer, whether it did or not. */
export function fallbackValue({ intended, served }: Exposure, { attempts }: CallRecord): number {
  if (served !== "none") return served === "fallback" ? 1 : 0;
  const isOther = attempts.some(({ provider, model }) => provider !== intended?.provider || model !== intended.model);
  return isOther ? 1 : 0;
}
