import type { CallRecord } from "@babylon/llm-core";
import { type Consequence, followAttempts } from "./follow-attempts.ts";
import { nearestRank } from "./nearest-rank.ts";

/** A sum over attempts, some of which may be unknown. */
export interface KnownSum {
  /** The sum of the known values. */
  readonly known: number;
  /** The number of attempts with an unknown value, not in `known`. */
  readonly unknown: number;
}

/** Figures of one provider, from the records of the calls. */
export interface ProviderStats {
  /** Served calls. */
  readonly served: number;
  /** Received requests. */
  readonly attempts: number;
  /** Failed requests. */
  readonly failed: number;
  /** Retries of a request with the same provider and model. */
  readonly retries: number;
  /** Calls that fell back to another link after a failure of this provider. */
  readonly fallbacks: number;
  readonly inputTokens: KnownSum;
  readonly outputTokens: KnownSum;
  /** Billionths of a dollar. `known` has the lower bounds of the unknown costs, too. */
  readonly nanoUsd: KnownSum;
  /** Milliseconds of the requests that succeeded; `null` when none did. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Counts the records of a tick by provider. The result has all given providers, also those without an attempt. */
export function countByProvider(
  records: readonly CallRecord[],
  providers: readonly string[],
): ReadonlyMap<string, ProviderStats> {
  const attempted = records.flatMap((record) => record.attempts.map((attempt) => attempt.provider));
  return new Map([...new Set([...providers, ...attempted])].map((provider) => [provider, countOne(records, provider)]));
}

/** The totals of all providers. */
export function countAll(records: readonly CallRecord[]): ProviderStats {
  return countOne(records, null);
}

function countOne(records: readonly CallRecord[], provider: string | null): ProviderStats {
  const isIts = (name: string | null): boolean => name !== null && (provider === null || name === provider);
  const own = records.flatMap((record) => record.attempts).filter((attempt) => isIts(attempt.provider));
  const followed = records
    .flatMap((record) => followAttempts(record.attempts))
    .filter(({ failed }) => isIts(failed.provider));
  const times = own.filter((attempt) => attempt.outcome === "success").map((attempt) => attempt.durationMs);
  return {
    served: records.filter((record) => record.outcome === "success" && isIts(record.provider)).length,
    attempts: own.length,
    failed: own.filter((attempt) => attempt.outcome !== "success").length,
    retries: followed.filter(isRetry).length,
    fallbacks: followed.filter((consequence) => !isRetry(consequence)).length,
    inputTokens: sum(own.map((attempt) => attempt.usage?.inputTokens)),
    outputTokens: sum(own.map((attempt) => attempt.usage?.outputTokens)),
    nanoUsd: {
      known: own.reduce((total, { cost }) => total + (cost?.lowNanoUsd ?? 0), 0),
      unknown: own.filter(({ cost }) => cost?.nanoUsd === null || cost === undefined).length,
    },
    p50Ms: nearestRank(times, 0.5),
    p95Ms: nearestRank(times, 0.95),
  };
}

const isRetry = ({ failed, next }: Consequence): boolean =>
  failed.provider === next.provider && failed.model === next.model;

function sum(values: readonly (number | null | undefined)[]): KnownSum {
  const known = values.filter((value) => typeof value === "number");
  return { known: known.reduce((total, value) => total + value, 0), unknown: values.length - known.length };
}
