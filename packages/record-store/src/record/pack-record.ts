import type { CallRecord } from "@babylon/llm-core";
import { isEmpty } from "./is-empty.ts";
import {
  type PackedAttempt,
  type PackedCost,
  type PackedUsage,
  packAttempt,
  packCost,
  packUsage,
} from "./pack-attempt.ts";

/** A call by position, without content. The first place is the form, so that a later one can be told apart. */
export type PackedRecord = readonly [
  form: 1,
  callId: string,
  startedAt: number,
  durationMs: number,
  firstTokenMs: number | null,
  outcome: CallRecord["outcome"],
  agent: string | null,
  tenant: string | null,
  purpose: string | null,
  provider: string | null,
  model: string | null,
  finishReason: CallRecord["finishReason"],
  responseId: string | null,
  settingsVersion: number | null,
  totalUsage: PackedUsage,
  cost: PackedCost,
  attempts: readonly PackedAttempt[],
  rest?: object,
];

/** Packs a record. Its content is packed apart. Empty options, metadata, units, seams and warnings take no place. */
export function packRecord(record: CallRecord): PackedRecord {
  const {
    v,
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
    finishReason,
    responseId,
    settingsVersion,
    totalUsage,
    cost,
    attempts,
    content,
    unit,
    metadata,
    options,
    seams,
    warnings,
    ...rest
  } = record;
  const more: Record<string, unknown> = rest;
  if (unit !== null) more.unit = unit;
  if (metadata !== null) more.metadata = metadata;
  if (!isEmpty(options)) more.options = options;
  if (seams.length > 0) more.seams = seams;
  if (warnings.length > 0) more.warnings = warnings;
  const packed = [
    1,
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
    finishReason,
    responseId,
    settingsVersion,
    packUsage(totalUsage),
    packCost(cost),
    attempts.map(packAttempt),
  ] as const;
  return isEmpty(more) ? packed : [...packed, more];
}

/** The content of a call, with what is needed to find and to remove it. */
export type PackedContent = readonly [callId: string, startedAt: number, content: NonNullable<CallRecord["content"]>];
