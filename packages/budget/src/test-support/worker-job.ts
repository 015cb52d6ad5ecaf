import type { BudgetRule } from "@babylon/llm-core";
import type { WhileAway } from "../contract/budget-window.ts";

/** What a worker process opens. */
export interface BudgetWorkerJob {
  readonly url: string;
  readonly journal: string | false;
  readonly limitTokens: number;
  readonly leaseMs?: number;
  readonly timeoutMs?: number;
  readonly onOutage?: WhileAway;
}

/** The rule of all workers, with the limit of the job. */
export const WORKER_RULE: BudgetRule = { id: "day", scope: "all", per: "day" };
