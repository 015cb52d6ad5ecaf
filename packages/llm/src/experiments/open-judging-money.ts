import type { AttemptGate, Clock, LazyPricer, Logger, Pricer } from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { loadPricer } from "../state/load-pricer.ts";

/** The limit of what the shadow calls and judges of all processes cost. */
export interface JudgingMoney {
  readonly gate: AttemptGate;
  close(): Promise<void>;
}

/** What it is opened with. */
export interface JudgingMoneyOptions {
  readonly state: SharedState;
  readonly pricer: Pricer | LazyPricer | undefined;
  readonly maxUsdPerDay: number;
  /** Whether a call with this purpose is a shadow call or one of a judge. */
  readonly isOwnCall: (purpose: string | null) => boolean;
  readonly clock: Clock | undefined;
  readonly logger: Logger | undefined;
}

/** Of the rule, and the beginning of its windows in the shared state. */
const RULE_ID = "experiments-judging";

/**
 * Opens a budget that counts only the calls of experiments. What has no known price costs nothing here: `maxCallsPerHour` limits it. While the
 * state is away such calls are refused, because nobody waits for them.
 */
export async function openJudgingMoney(options: JudgingMoneyOptions): Promise<JudgingMoney> {
  const { state, pricer, maxUsdPerDay, isOwnCall, clock, logger } = options;
  const { createBudget } = await import("@babylon/budget");
  const budget = createBudget({
    state,
    pricer: await loadPricer(pricer, logger),
    rules: [{ id: RULE_ID, scope: "all", per: "day", limitUsd: maxUsdPerDay }],
    unknownPrice: 0,
    onOutage: "deny",
    clock,
    logger,
  });
  const { gate } = budget;
  return {
    gate: {
      admit: (ask) => (isOwnCall(ask.purpose) ? gate.admit(ask) : FREE),
      peek: (ask) => (isOwnCall(ask.purpose) ? gate.peek?.(ask) : undefined),
    },
    close: () => budget.close(),
  };
}

const FREE = { settle: (): void => {} };
