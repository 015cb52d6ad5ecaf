import type { CallRecord } from "@babylon/llm-core";
import type { CallSummary } from "../contract/calls-query.ts";

/** The entry of the log for a call. */
export function toCallSummary(record: CallRecord): CallSummary {
  const { callId, startedAt, durationMs, firstTokenMs, outcome, agent, tenant, purpose, provider, model } = record;
  const { totalUsage, cost, error, attempts } = record;
  return {
    callId,
    startedAt,
    durationMs,
    firstTokenMs,
    outcome,
    agent,
    tenant,
    purpose,
    provider,
    model,
    totalUsage,
    ...(cost === undefined ? {} : { cost }),
    ...(error === undefined ? {} : { error }),
    attempts: attempts.length,
  };
}
