import { type Attempt, type CallRecord, type Cost, UNKNOWN_USAGE, type Usage } from "@babylon/llm-core";
import type { PackedAttempt, PackedCost, PackedUsage } from "./pack-attempt.ts";
import { AS_LAST_ATTEMPT, type PackedRecord } from "./pack-record.ts";
import { answeringLink } from "./record-figures.ts";

function unpackUsage(packed: PackedUsage): Usage | undefined {
  if (packed === 0) return undefined;
  const [
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    longCacheWriteInputTokens,
    reasoningTokens,
    rest,
  ] = packed;
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    longCacheWriteInputTokens,
    reasoningTokens,
    ...rest,
  };
}

function unpackCost(packed: PackedCost): Cost | undefined {
  if (packed === 0) return undefined;
  const [nanoUsd, lowNanoUsd, highNanoUsd, source, effective, rest] = packed;
  return { nanoUsd, lowNanoUsd, highNanoUsd, currency: "USD", source, effective, ...rest };
}

function unpackAttempt(packed: PackedAttempt): Attempt {
  const [number, kind, provider, model, transport, endpoint, sent, startedAt, durationMs, firstTokenMs] = packed;
  const [, , , , , , , , , , outcome, outputChars, packedUsage, packedCost, requestId, responseId] = packed;
  const [, , , , , , , , , , , , , , , , responseModel, serviceTier, speed, region, rest] = packed;
  const usage = unpackUsage(packedUsage);
  const cost = unpackCost(packedCost);
  return {
    number,
    kind,
    provider,
    model,
    transport,
    endpoint,
    sent: sent === 1,
    startedAt,
    durationMs,
    firstTokenMs,
    outcome,
    outputChars,
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
    requestId,
    responseId,
    responseModel,
    serviceTier,
    speed,
    region,
    ...rest,
  };
}

/** The line of a call as it was packed. Lines are written by this package only. */
export function parsePackedRecord(line: string): PackedRecord {
  return JSON.parse(line) as PackedRecord;
}

/** The record of `packRecord`, with its content if it is stored. */
export function unpackRecord(packed: PackedRecord, content?: CallRecord["content"]): CallRecord {
  const [, callId, startedAt, durationMs, firstTokenMs, outcome, agent, tenant, purpose] = packed;
  const [, , , , , , , , , , , finishReason, responseId, settingsVersion, totalUsage, totalCost, attempts, rest] =
    packed;
  const last = attempts.at(-1);
  const usage = unpackUsage(totalUsage === AS_LAST_ATTEMPT ? (last?.[12] ?? 0) : totalUsage);
  const cost = unpackCost(totalCost === AS_LAST_ATTEMPT ? (last?.[13] ?? 0) : totalCost);
  return {
    v: 1,
    callId,
    startedAt,
    durationMs,
    firstTokenMs,
    outcome,
    agent,
    purpose,
    tenant,
    unit: null,
    metadata: null,
    options: {},
    ...answeringLink(packed),
    responseId: responseId === AS_LAST_ATTEMPT ? (last?.[15] ?? null) : responseId,
    finishReason,
    attempts: attempts.map(unpackAttempt),
    totalUsage: usage ?? UNKNOWN_USAGE,
    ...(cost === undefined ? {} : { cost }),
    seams: [],
    warnings: [],
    settingsVersion,
    ...rest,
    ...(content === undefined ? {} : { content }),
  };
}
