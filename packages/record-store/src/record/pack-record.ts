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

/** Packs a record. Its content is packed apart. Empty options, metadata, units, seams and warnings take no place. */
export function packRecord(record: CallRecord): PackedRecord {
  const { unit, metadata, options, seams, warnings } = record;
  const rest = fieldsOutside(record, RECORD_FIELDS) ?? {};
  if (unit !== null) rest.unit = unit;
  if (metadata !== null) rest.metadata = metadata;
  if (!isEmpty(options)) rest.options = options;
  if (seams.length > 0) rest.seams = seams;
  if (warnings.length > 0) rest.warnings = warnings;
  const packed = [
    1,
    record.callId,
    record.startedAt,
    record.durationMs,
    record.firstTokenMs,
    record.outcome,
    record.agent,
    record.tenant,
    record.purpose,
    record.provider,
    record.model,
    record.finishReason,
    record.responseId,
    record.settingsVersion,
    packUsage(record.totalUsage),
    packCost(record.cost),
    record.attempts.map(packAttempt),
  ] as const;
  return isEmpty(rest) ? packed : [...packed, rest];
}

/** The content of a call, with what is needed to find and to remove it. */
export type PackedContent = readonly [callId: string, startedAt: number, content: NonNullable<CallRecord["content"]>];
