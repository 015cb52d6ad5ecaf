import { bucketOf } from "@babylon/llm-core/sketch";
import type { RecordBatch } from "../contract/record-engine.ts";
import type { AttemptFigures } from "../record/record-figures.ts";
import { type CallRow, rowKey, toCallRows, toContentRows } from "../record/to-batch-rows.ts";

/** The bucket of a duration that is not known; it is not counted. */
const NO_BUCKET = 0;

const bucketOrNone = (ms: number | null): number => (ms === null ? NO_BUCKET : bucketOf(ms));
const toBit = (flag: boolean): 0 | 1 => (flag ? 1 : 0);

/** The columns of attempts, as arrays of the same length. */
function attemptColumns(attempts: readonly AttemptFigures[]): Record<string, readonly unknown[]> {
  return {
    "attempts.provider": attempts.map(({ provider }) => provider),
    "attempts.model": attempts.map(({ model }) => model),
    "attempts.succeeded": attempts.map(({ succeeded }) => toBit(succeeded)),
    "attempts.failed": attempts.map(({ failed }) => toBit(failed)),
    "attempts.duration_ms": attempts.map(({ durationMs }) => durationMs),
    "attempts.duration_bucket": attempts.map(({ durationMs }) => bucketOf(durationMs)),
    "attempts.first_token_ms": attempts.map(({ firstTokenMs }) => firstTokenMs),
    "attempts.first_token_bucket": attempts.map(({ firstTokenMs }) => bucketOrNone(firstTokenMs)),
    "attempts.input_tokens": attempts.map(({ inputTokens }) => inputTokens),
    "attempts.cached_input_tokens": attempts.map(({ cachedInputTokens }) => cachedInputTokens),
    "attempts.cache_write_input_tokens": attempts.map(({ cacheWriteInputTokens }) => cacheWriteInputTokens),
    "attempts.output_tokens": attempts.map(({ outputTokens }) => outputTokens),
    "attempts.reasoning_tokens": attempts.map(({ reasoningTokens }) => reasoningTokens),
    "attempts.unknown_usage": attempts.map(({ unknownUsage }) => toBit(unknownUsage)),
    "attempts.nano_usd": attempts.map(({ nanoUsd }) => nanoUsd),
    "attempts.low_nano_usd": attempts.map(({ lowNanoUsd }) => lowNanoUsd),
    "attempts.unknown_cost": attempts.map(({ unknownCost }) => toBit(unknownCost)),
  };
}

function toInsertRow({ callId, startedAt, names, figures, line }: CallRow, content: string): object {
  const { provider, model, agent, tenant, purpose, outcome } = names;
  return {
    call_id: callId,
    started_at: Math.floor(startedAt),
    outcome,
    provider,
    model,
    agent,
    tenant,
    purpose,
    rescued: toBit(figures.rescued),
    fallback: toBit(figures.fallback),
    duration_ms: figures.durationMs,
    duration_bucket: bucketOf(figures.durationMs),
    first_token_ms: figures.firstTokenMs,
    first_token_bucket: bucketOrNone(figures.firstTokenMs),
    ...attemptColumns(figures.attempts),
    line,
    content,
  };
}

/** The rows of a batch as JSONEachRow. A call and its content are always in the same batch. */
export async function toInsertRows(batch: RecordBatch): Promise<string> {
  const contents = new Map((await toContentRows(batch)).map((row) => [rowKey(row), row.content]));
  const calls = await toCallRows(batch);
  return calls.map((row) => JSON.stringify(toInsertRow(row, contents.get(rowKey(row)) ?? ""))).join("\n");
}
