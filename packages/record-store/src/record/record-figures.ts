import type { CallRecord } from "@babylon/llm-core";
import type { PackedAttempt } from "./pack-attempt.ts";
import { AS_LAST_ATTEMPT, type PackedRecord } from "./pack-record.ts";
import { roundDuration } from "./round-duration.ts";

/** The figures of one attempt. */
export interface AttemptFigures {
  readonly provider: string;
  readonly model: string;
  readonly succeeded: boolean;
  readonly failed: boolean;
  readonly durationMs: number;
  readonly firstTokenMs: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly unknownUsage: boolean;
  /** 0 if it is not known. */
  readonly nanoUsd: number;
  readonly lowNanoUsd: number;
  readonly unknownCost: boolean;
}

/** The names of a call, `""` for none. Provider and model are those that answered. */
export interface CallNames {
  readonly provider: string;
  readonly model: string;
  readonly agent: string;
  readonly tenant: string;
  readonly purpose: string;
  readonly outcome: string;
}

/** What a call adds to the sums. */
export interface RecordFigures {
  readonly rescued: boolean;
  readonly fallback: boolean;
  readonly durationMs: number;
  readonly firstTokenMs: number | null;
  readonly attempts: readonly AttemptFigures[];
}

function toAttemptFigures(packed: PackedAttempt): AttemptFigures {
  const [, , provider, model, , , sent, , durationMs, firstTokenMs, outcome, , usage, cost] = packed;
  // A request that was not sent used nothing and costs nothing.
  const [input, output, cached, cacheWrite, , reasoning] = usage === 0 ? NO_NUMBERS[sent] : usage;
  const [nanoUsd, lowNanoUsd] = cost === 0 ? ([sent === 0 ? 0 : null, 0] as const) : cost;
  return {
    provider,
    model,
    succeeded: outcome === "success",
    failed: outcome === "failed",
    durationMs: roundDuration(durationMs),
    firstTokenMs: firstTokenMs === null ? null : roundDuration(firstTokenMs),
    inputTokens: input ?? 0,
    cachedInputTokens: cached ?? 0,
    cacheWriteInputTokens: cacheWrite ?? 0,
    outputTokens: output ?? 0,
    reasoningTokens: reasoning ?? 0,
    unknownUsage: input === null || output === null,
    nanoUsd: nanoUsd ?? 0,
    lowNanoUsd: nanoUsd ?? lowNanoUsd,
    unknownCost: nanoUsd === null,
  };
}

/** The usage of an attempt without one: unknown if it was sent, else zero. */
const NO_NUMBERS = {
  0: [0, 0, 0, 0, 0, 0],
  1: [null, null, null, null, null, null],
} as const;

/** The provider and the model that answered a packed call. */
export function answeringLink(packed: PackedRecord): Pick<CallRecord, "provider" | "model"> {
  const [, , , , , , , , , provider, model, , , , , , attempts] = packed;
  const last = attempts.at(-1);
  return {
    provider: provider === AS_LAST_ATTEMPT ? (last?.[2] ?? null) : provider,
    model: model === AS_LAST_ATTEMPT ? (last?.[3] ?? null) : model,
  };
}

/** The figures of a packed call. */
export function toRecordFigures(packed: PackedRecord): RecordFigures {
  const [, , , durationMs, firstTokenMs, outcome, , , , , , , , , , , attempts] = packed;
  const { provider, model } = answeringLink(packed);
  const [first] = attempts;
  const succeeded = outcome === "success";
  return {
    rescued: succeeded && attempts.some((attempt) => attempt[10] === "failed"),
    fallback: succeeded && first !== undefined && (first[2] !== provider || first[3] !== model),
    durationMs: roundDuration(durationMs),
    firstTokenMs: firstTokenMs === null ? null : roundDuration(firstTokenMs),
    attempts: attempts.map(toAttemptFigures),
  };
}

/** The names of a packed call. */
export function toCallNames(packed: PackedRecord): CallNames {
  const [, , , , , outcome, agent, tenant, purpose] = packed;
  const { provider, model } = answeringLink(packed);
  return {
    provider: provider ?? "",
    model: model ?? "",
    agent: agent ?? "",
    tenant: tenant ?? "",
    purpose: purpose ?? "",
    outcome,
  };
}
