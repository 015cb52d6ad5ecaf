import { type CallRecord, type Clock, invalidInput, type Logger } from "@babylon/llm-core";

/** What shadow calls and judges may cost: in each process, or with `ledger` in all processes together. */
export interface JudgingLimits {
  /** Shadow calls and questions to judges. Default 120. */
  readonly maxCallsPerHour?: number | undefined;
  /** Their cost. Calls of unknown cost are limited by `maxCallsPerHour` alone. Default 1. */
  readonly maxUsdPerDay?: number | undefined;
  /**
   * Output tokens of a copy of a call that has no limit of its own, so that it costs at most what is reserved for it. A copy that ends there is
   * not compared. Default: twice the output tokens of the original, at least 4,096.
   */
  readonly maxOutputTokens?: number | undefined;
  /** In each process. Default 2. */
  readonly maxConcurrent?: number | undefined;
  /**
   * What processes share: the `ledger` of `openSharedState`. Then `maxCallsPerHour` is the limit of all processes together, and while the ledger
   * is away nothing is copied and judged. `createBabylonLLM({ state })` sets it, also for experiments of your own, and applies `maxUsdPerDay` to all
   * processes, too.
   */
  readonly ledger?: JudgingLedger | undefined;
}

/** The part of a shared ledger that the limits use. */
export interface JudgingLedger {
  /** Reserves an amount in a window, or nothing. */
  reserve(ask: {
    readonly id: string;
    readonly scopes: (serverEpochMs: number) => readonly {
      readonly key: string;
      readonly limit: number;
      readonly window: { readonly startEpochMs: number; readonly endEpochMs: number };
    }[];
    readonly amount: number;
    readonly leaseMs: number;
  }): Promise<{ readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number | null }>;
  /** Replaces what was reserved by what was used. */
  settle(id: string, result: { readonly spent: number; readonly presumed: number }): Promise<void>;
}

/** Counts what was used. */
export interface JudgingBudget {
  /** Takes calls from the budget. `false`: there is not enough left, and nothing was taken. Never rejects. */
  take(calls: number): Promise<boolean>;
  /** Whether `take` may succeed, as far as this process knows. */
  mayTake(calls: number): boolean;
  /** Adds the cost of a call that has ended. */
  spend(record: CallRecord): void;
  readonly maxConcurrent: number;
  readonly maxUsdPerDay: number;
  /** Counts calls in a ledger from now on, unless the limits have one of their own. */
  share(ledger: JudgingLedger): void;
  /** The limit of a copy of a call without one, whose answer had this many output tokens; `null`: not known. */
  outputLimit(outputTokens: number | null): number;
}

/** The shortest limit of output tokens by default. */
const OUTPUT_TOKENS = 4_096;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The name of the shared window, before the hour. */
const KEY = "experiments/judging/calls/";

/** Calls are counted when they are reserved, so a hold lasts only until it is settled. */
const LEASE_MS = 60_000;

/** Creates a budget. Throws `invalid_input` for limits that are not numbers of at least 0, or of output tokens at least 1. */
export function createJudgingBudget(limits: JudgingLimits, clock: Clock, logger: Logger): JudgingBudget {
  const { maxCallsPerHour = 120, maxUsdPerDay = 1, maxConcurrent = 2, maxOutputTokens } = limits;
  for (const [name, limit] of Object.entries({ maxCallsPerHour, maxUsdPerDay, maxConcurrent })) {
    if (!(limit >= 0)) throw invalidInput(`judging.${name}`, "a number of at least 0");
  }
  if (maxOutputTokens !== undefined && !(Number.isSafeInteger(maxOutputTokens) && maxOutputTokens >= 1)) {
    throw invalidInput("judging.maxOutputTokens", "a whole number, 1 or more");
  }
  let { ledger } = limits;
  let [hour, calls] = [-1, 0];
  let [day, nanoUsd] = [-1, 0];
  /** Until then the ledger has said that nothing is left. */
  let usedUpUntilMonoMs = Number.NEGATIVE_INFINITY;

  function turnPages(): void {
    const now = clock.now();
    if (Math.floor(now / HOUR_MS) !== hour) [hour, calls] = [Math.floor(now / HOUR_MS), 0];
    if (Math.floor(now / DAY_MS) !== day) [day, nanoUsd] = [Math.floor(now / DAY_MS), 0];
  }

  function mayTake(count: number): boolean {
    turnPages();
    const isUsedUp = clock.monotonic() < usedUpUntilMonoMs;
    return !isUsedUp && calls + count <= maxCallsPerHour && nanoUsd < maxUsdPerDay * 1e9;
  }

  /** Whether the ledger has granted the calls. They count from now on, also if this process ends before it has made them. */
  async function takeShared(shared: JudgingLedger, count: number): Promise<boolean> {
    const id = crypto.randomUUID();
    const answer = await shared.reserve({
      id,
      amount: count,
      leaseMs: LEASE_MS,
      scopes(serverEpochMs) {
        const startEpochMs = Math.floor(serverEpochMs / HOUR_MS) * HOUR_MS;
        const window = { startEpochMs, endEpochMs: startEpochMs + HOUR_MS };
        return [{ key: `${KEY}${startEpochMs}`, limit: Math.floor(maxCallsPerHour), window }];
      },
    });
    if (answer.ok) {
      await shared.settle(id, { spent: count, presumed: 0 });
      return true;
    }
    calls -= count;
    usedUpUntilMonoMs = clock.monotonic() + (answer.retryAfterMs ?? 0);
    return false;
  }

  return {
    maxConcurrent,
    maxUsdPerDay,
    share(shared) {
      ledger ??= shared;
    },
    outputLimit: (outputTokens) => maxOutputTokens ?? Math.max(OUTPUT_TOKENS, 2 * (outputTokens ?? 0)),
    mayTake,
    async take(count) {
      if (!mayTake(count)) return false;
      // Before the ledger answers: other calls of this process ask meanwhile.
      calls += count;
      if (ledger === undefined) return true;
      try {
        return await takeShared(ledger, count);
      } catch {
        logger.debug("shadow calls and judges are left out: the shared ledger is away");
        return false;
      }
    },
    spend({ cost }) {
      turnPages();
      nanoUsd += cost?.nanoUsd ?? cost?.highNanoUsd ?? cost?.lowNanoUsd ?? 0;
    },
  };
}
