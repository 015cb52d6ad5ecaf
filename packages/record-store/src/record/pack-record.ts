import type { CallRecord } from "@babylon/llm-core";
import { fieldsOutside } from "./fields-outside.ts";
import { isEmpty } from "./is-empty.ts";
import {
  type PackedAttempt,
  type PackedCost,
  type PackedUsage,
  packAttempt,
  packCost,
  packUsage,
} from "./pack-attempt.ts";
import { roundDuration } from "./round-duration.ts";

/** In the place of a value: it is that of the last attempt. */
export const AS_LAST_ATTEMPT = 1;
export type AsLastAttempt = typeof AS_LAST_ATTEMPT;

/** A call by position, without content. The first place is the form, so that a later one can be told apart. */
export type PackedRecord = readonly [
  form: 1 | 2,
  callId: string,
  startedAt: number,
  durationMs: number,
  firstTokenMs: number | null,
  outcome: CallRecord["outcome"],
  agent: string | null,
  tenant: string | null,
  purpose: string | null,
  provider: string | null | AsLastAttempt,
  model: string | null | AsLastAttempt,
  finishReason: CallRecord["finishReason"],
  responseId: string | null | AsLastAttempt,
  settingsVersion: number | null,
  totalUsage: PackedUsage | AsLastAttempt,
  cost: PackedCost | AsLastAttempt,
  attempts: readonly PackedAttempt[],
  rest?: object,
];

/** The fields with a place of their own, and those that are left out if they are empty. */
const RECORD_FIELDS: ReadonlySet<string> = new Set<keyof CallRecord>([
  "v",
  "callId",
  "startedAt",
  "durationMs",
  "firstTokenMs",
  "outcome",
  "agent",
  "tenant",
  "purpose",
  "provider",
  "model",
  "finishReason",
  "responseId",
  "settingsVersion",
  "totalUsage",
  "cost",
  "attempts",
  "content",
  "unit",
  "metadata",
  "options",
  "seams",
  "warnings",
]);

/**
 * Packs a record. Its content is packed apart. Empty options, metadata, units, seams and warnings take no place, nor what is repeated by the last
 * attempt, which is the one that answered. Durations are rounded to microseconds.
 */
export function packRecord(record: CallRecord): PackedRecord {
  const { unit, metadata, options, seams, warnings } = record;
  const rest = fieldsOutside(record, RECORD_FIELDS) ?? {};
  if (unit !== null) rest.unit = unit;
  if (metadata !== null) rest.metadata = metadata;
  if (!isEmpty(options)) rest.options = options;
  if (seams.length > 0) rest.seams = seams;
  if (warnings.length > 0) rest.warnings = warnings;
  const attempts = record.attempts.map(packAttempt);
  const last = attempts.at(-1);
  const usage = packUsage(record.totalUsage);
  const cost = packCost(record.cost);
  const packed = [
    2,
    record.callId,
    record.startedAt,
    roundDuration(record.durationMs),
    record.firstTokenMs === null ? null : roundDuration(record.firstTokenMs),
    record.outcome,
    record.agent,
    record.tenant,
    record.purpose,
    record.provider === last?.[2] ? AS_LAST_ATTEMPT : record.provider,
    record.model === last?.[3] ? AS_LAST_ATTEMPT : record.model,
    record.finishReason,
    record.responseId === last?.[15] ? AS_LAST_ATTEMPT : record.responseId,
    record.settingsVersion,
    isSame(usage, last?.[12]) ? AS_LAST_ATTEMPT : usage,
    isSame(cost, last?.[13]) ? AS_LAST_ATTEMPT : cost,
    attempts,
  ] as const;
  return isEmpty(rest) ? packed : [...packed, rest];
}

/** Whether both have the same values. Objects are never the same. */
function isSame(one: PackedUsage | PackedCost, other: PackedUsage | PackedCost | undefined): boolean {
  if (one === 0 || other === undefined || other === 0) return one === other;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** The content of a call, with what is needed to find and to remove it. */
export type PackedContent = readonly [callId: string, startedAt: number, content: NonNullable<CallRecord["content"]>];
