import type { CallOptions, OnInterrupted } from "../contract/call-options.ts";
import type { CallRecord, RecordedOptions } from "../contract/call-record.ts";
import type { Cost } from "../contract/cost.ts";
import type { TextResult } from "../contract/result.ts";
import type { LLMError } from "../errors/llm-error.ts";
import { type Intent, toExposures } from "../plan/intents.ts";
import { toAttemptError } from "./attempt/to-attempt-error.ts";
import { type Call, elapsedMs, finishedAttempts, totalUsage } from "./call.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The options of a call that are stored in its record. */
export function toRecordedOptions(options: CallOptions, onInterrupted: OnInterrupted | null): RecordedOptions {
  const recorded: Writable<RecordedOptions> = {};
  if (options.temperature !== undefined) recorded.temperature = options.temperature;
  if (options.topP !== undefined) recorded.topP = options.topP;
  if (options.maxOutputTokens !== undefined) recorded.maxOutputTokens = options.maxOutputTokens;
  if (options.stopSequences !== undefined) recorded.stopSequences = options.stopSequences;
  if (options.seed !== undefined) recorded.seed = options.seed;
  if (options.reasoningEffort !== undefined) recorded.reasoningEffort = options.reasoningEffort;
  if (options.tools !== undefined) recorded.tools = Object.keys(options.tools);
  if (options.responseFormat !== undefined) recorded.responseFormat = options.responseFormat;
  if (options.transport !== undefined) recorded.transport = options.transport;
  if (onInterrupted !== null) recorded.onInterrupted = onInterrupted;
  if (options.provider !== undefined) recorded.provider = options.provider;
  if (options.models !== undefined) recorded.models = options.models;
  return recorded;
}

function toRecordedUnit(unit: CallOptions["unit"]): CallRecord["unit"] {
  if (unit === undefined) return null;
  const recorded: Record<string, string> = {};
  for (const [name, id] of Object.entries(unit)) if (id !== undefined) recorded[name] = id;
  return recorded;
}

const OUTCOMES: Readonly<Record<string, CallRecord["outcome"]>> = { aborted: "aborted", interrupted: "interrupted" };

/** The record of a call that has ended. */
export function toCallRecord(
  call: Call,
  outcome: { readonly result: TextResult } | { readonly error: LLMError },
  extra: {
    readonly settingsVersion: number | null;
    readonly recordContent: boolean;
    readonly onInterrupted: OnInterrupted | null;
    readonly cost: Cost | null;
    readonly intents: readonly Intent[];
  },
): CallRecord {
  const { options } = call;
  const result = "result" in outcome ? outcome.result : null;
  const error = "error" in outcome ? outcome.error : null;
  // The result usually contains them already.
  const counted = result !== null && result.attempts.length === call.attempts.length ? result : null;
  const record: Writable<CallRecord> = {
    v: 1,
    callId: call.id,
    startedAt: call.startedAt,
    durationMs: elapsedMs(call),
    firstTokenMs: result?.firstTokenMs ?? null,
    outcome: error === null ? "success" : (OUTCOMES[error.code] ?? "failed"),
    agent: options.agent ?? null,
    purpose: options.purpose ?? null,
    tenant: options.tenant ?? null,
    unit: toRecordedUnit(options.unit),
    metadata: options.metadata ?? null,
    options: toRecordedOptions(options, extra.onInterrupted),
    provider: result?.provider ?? null,
    model: result?.model ?? null,
    responseId: result?.responseId ?? null,
    finishReason: result?.finishReason ?? null,
    attempts: counted?.attempts ?? finishedAttempts(call),
    totalUsage: counted?.totalUsage ?? totalUsage(call),
    seams: result?.seams ?? [],
    warnings: [...call.warnings],
    settingsVersion: extra.settingsVersion,
  };
  if (error !== null) record.error = toAttemptError(error);
  if (extra.cost !== null) record.cost = extra.cost;
  if (extra.intents.length > 0) record.experiments = toExposures(extra.intents, result);
  if (extra.recordContent) record.content = toContent(call, result);
  return record;
}

function toContent(call: Call, result: TextResult | null): NonNullable<CallRecord["content"]> {
  return {
    messages: call.conversation,
    text: result?.text ?? null,
    reasoning: result?.reasoning ?? null,
    toolCalls: result?.toolCalls ?? [],
    requests: call.requests.map(({ messages, tools, toolChoice, responseFormat }) => ({
      messages,
      ...(tools === undefined ? {} : { tools }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
      ...(responseFormat === undefined ? {} : { responseFormat }),
    })),
  };
}
