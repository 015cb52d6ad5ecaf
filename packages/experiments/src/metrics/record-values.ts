import type { CallRecord, Exposure } from "@babylon/llm-core";
import type { ExposureRow } from "../rows/experiment-rows.ts";

type Values = ExposureRow["values"];

/**
 * The metrics that follow from the record of a call. An aborted call says nothing about latency and failure; a failed one took its time. An
 * answer that did not fit its schema counts each time.
 */
export function recordValues(record: CallRecord): Omit<Values, "fallback"> {
  const { outcome, durationMs, firstTokenMs, cost, totalUsage } = record;
  const isAborted = outcome === "aborted";
  const nanoUsd = cost?.nanoUsd ?? null;
  return {
    latencyMs: isAborted ? null : durationMs,
    firstTokenMs,
    costUsd: nanoUsd === null ? null : nanoUsd / 1e9,
    failure: isAborted ? null : outcome === "success" ? 0 : 1,
    outputTokens: totalUsage.outputTokens,
    schemaFailures: schemaFailures(record),
  };
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
