import type { BudgetLevel, BudgetOutage, BudgetWindow, BudgetWriteOff } from "@babylon/budget/contract";
import type { BudgetRule } from "@babylon/llm-core";

/** The state of all budgets in a few numbers. */
export interface BudgetsSummary {
  /** Windows by level. */
  readonly levels: Readonly<Record<BudgetLevel, number>>;
  /** The windows that are over or near their limits, the most used first, at most three. */
  readonly worst: readonly BudgetWindow[];
  /** The outage of their store; `null`: it answers. */
  readonly outage: BudgetOutage | null;
}

/** Who spends in a window. */
export interface Spender {
  /** The name of an agent or a tenant; `""`: calls without one. */
  readonly name: string;
  /** In the window's unit, as far as it is known. `null`: no amount of it is known. */
  readonly amount: number | null;
  /** Attempts whose amount is not known. */
  readonly unknown: number;
}

/** The spenders of one window, from the records of calls: the largest amounts first. */
export interface WindowSpenders {
  /** The key of the window. */
  readonly key: string;
  /** Empty where the scope names the agent. */
  readonly agents: readonly Spender[];
  /** Empty where the scope names the tenant. */
  readonly tenants: readonly Spender[];
}

/** The reply of `GET …/budgets`. */
export interface BudgetsData {
  /** The current windows; of more than 500 the most used. */
  readonly windows: readonly BudgetWindow[];
  /** The number of all windows. */
  readonly total: number;
  readonly outage: BudgetOutage | null;
  /** The rules of the code. One of the settings with the same id replaces it. */
  readonly rulesOfCode: readonly BudgetRule[];
  /** Of the windows that `?spenders=` names; default: of the five most used. `null`: calls are not recorded, or the records are away. */
  readonly spenders: readonly WindowSpenders[] | null;
  /** Whether there are records that could not be read. */
  readonly recordsAway: boolean;
  /** The latest write-offs, the newest first, at most 50. `null`: the store is away. */
  readonly writeOffs: readonly BudgetWriteOff[] | null;
  /** Epoch milliseconds, the server's clock. */
  readonly now: number;
}

/** The body of `POST …/budgets/write-off`. */
export interface WriteOffBody {
  /** The key of a window. */
  readonly key: string;
  /** How much of what is presumed, a whole number in the window's unit. Default: all. */
  readonly presumed?: number | undefined;
  /** For the list of write-offs; up to 200 characters. */
  readonly reason?: string | undefined;
}

/** The reply of `POST …/budgets/write-off`. */
export interface WriteOffData {
  /** The window afterwards; `null`: it has ended. */
  readonly window: BudgetWindow | null;
}
