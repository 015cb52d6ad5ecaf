import type { Attempt, AttemptError, CallRecord, Cost, Usage } from "@babylon/llm-core";
import type { CallSummary } from "@babylon/record-store/contract";
import type { CallDetail, DetailAttempt } from "../contract.ts";

/** Every reply is built field by field, so that a field that a later version stores does not leave by itself. */
const usageOf = (usage: Usage): Usage => ({
  inputTokens: usage.inputTokens,
  outputTokens: usage.outputTokens,
  cachedInputTokens: usage.cachedInputTokens,
  cacheWriteInputTokens: usage.cacheWriteInputTokens,
  longCacheWriteInputTokens: usage.longCacheWriteInputTokens,
  reasoningTokens: usage.reasoningTokens,
  ...(usage.extras === undefined ? {} : { extras: usage.extras }),
});

const costOf = ({ nanoUsd, lowNanoUsd, highNanoUsd, currency, source, effective }: Cost): Cost => ({
  nanoUsd,
  lowNanoUsd,
  highNanoUsd,
  currency,
  source,
  effective,
});

const errorOf = ({ code, message, status, retryAfterMs }: AttemptError): AttemptError => ({
  code,
  message,
  status,
  retryAfterMs,
});

const optional = ({ cost, error }: Pick<CallRecord, "cost" | "error">): Pick<CallRecord, "cost" | "error"> => ({
  ...(cost === undefined ? {} : { cost: costOf(cost) }),
  ...(error === undefined ? {} : { error: errorOf(error) }),
});

function toDetailAttempt(attempt: Attempt): DetailAttempt {
  return {
    number: attempt.number,
    kind: attempt.kind,
    provider: attempt.provider,
    model: attempt.model,
    transport: attempt.transport,
    endpoint: attempt.endpoint,
    sent: attempt.sent,
    startedAt: attempt.startedAt,
    durationMs: attempt.durationMs,
    firstTokenMs: attempt.firstTokenMs,
    outcome: attempt.outcome,
    outputChars: attempt.outputChars,
    requestId: attempt.requestId,
    responseId: attempt.responseId,
    responseModel: attempt.responseModel,
    serviceTier: attempt.serviceTier,
    speed: attempt.speed,
    region: attempt.region,
    ...(attempt.usage === undefined ? {} : { usage: usageOf(attempt.usage) }),
    ...optional(attempt),
  };
}

/** A call of the log, with the fields that are sent. */
export function toSummary(call: CallSummary): CallSummary {
  return {
    callId: call.callId,
    startedAt: call.startedAt,
    durationMs: call.durationMs,
    firstTokenMs: call.firstTokenMs,
    outcome: call.outcome,
    agent: call.agent,
    tenant: call.tenant,
    purpose: call.purpose,
    provider: call.provider,
    model: call.model,
    attempts: call.attempts,
    totalUsage: usageOf(call.totalUsage),
    ...optional(call),
  };
}

/** A record as a call of the log. */
export const summaryOf = (record: CallRecord): CallSummary =>
  toSummary({ ...record, attempts: record.attempts.length });

/** A record without its content: no messages, answers or schemas. */
export function toDetail(record: CallRecord): CallDetail {
  return {
    ...summaryOf(record),
    attempts: record.attempts.map(toDetailAttempt),
    unit: record.unit,
    metadata: record.metadata,
    responseId: record.responseId,
    finishReason: record.finishReason,
    experiments: (record.experiments ?? []).map(
      ({ experiment, version, arm, bucket, probability, served, excluded }) => ({
        experiment,
        version,
        arm,
        bucket,
        probability,
        served,
        ...(excluded === undefined ? {} : { excluded }),
      }),
    ),
    seams: record.seams.map(({ at, from, to }) => ({ at, from, to })),
    warnings: record.warnings,
    settingsVersion: record.settingsVersion,
  };
}
