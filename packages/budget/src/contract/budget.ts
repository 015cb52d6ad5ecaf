import type { AttemptGate, BudgetRule, Clock, Logger, Pricer, SettingsSource, SystemSettings } from "@babylon/llm-core";
import type { SharedState, WriteOffBy } from "@babylon/shared-state";
import type { UnknownPrice } from "../ask/price-policy.ts";
import type { NoticeOptions } from "../notices/notice-options.ts";
import type { BudgetOutage, BudgetWindow, BudgetWriteOff, WhileAway } from "./budget-window.ts";

/** Options of `createBudget`. */
export interface BudgetOptions {
  /** What processes share, of `openSharedState`. Not closed by the budget. */
  readonly state: SharedState;
  /** Prices attempts, and bounds what they may cost, such as `createPricer()` of `@babylon/prices`. Without it, budgets in dollars have no prices. */
  readonly pricer?: Pricer | undefined;
  /** Has further rules, in `budgets`, which are read at each attempt. One with the id of a rule of the code replaces it. */
  readonly settings?: SettingsSource | SystemSettings | undefined;
  /** The rules of the code. Default: none. */
  readonly rules?: readonly BudgetRule[] | undefined;
  /**
   * Attempts without a known price, where a budget in dollars counts them: refused (`deny`, the default), or counted at a rate, in US
   * dollars per million tokens.
   */
  readonly unknownPrice?: UnknownPrice | undefined;
  /**
   * What happens while the store is away, and while it lacks what other processes have written, after a failover. `share` (default):
   * each process may use what was left at its last answer, divided by the processes that were seen alive. `deny`: attempts are refused.
   * `allow`: they are made.
   */
  readonly onOutage?: WhileAway | undefined;
  /**
   * What counts where nobody knows whether an attempt was billed, such as after a timeout: at most what its request and the output that has
   * arrived may cost, as a presumed amount. The only value.
   */
  readonly unknownOutcome?: "at-most" | undefined;
  /**
   * A folder for what is spent while the store is away, so that another process of this machine sends it if this one dies. Nothing is
   * written before an outage. Each process has a file of its own there, which survives its end (`kill -9`); nothing is synced to the
   * disk, so a power failure may lose what waits. Up to 20,000 entries; beyond, `share` refuses.
   *
   * Default: beside the file of an SQLite state (`state.db.journal`), else `babylon-budget.journal` in the working directory; for a state
   * in memory none. `false`: in memory only, for places without a disk.
   */
  readonly journal?: string | false | undefined;
  /** How long an amount is held for an attempt whose process has ended, before it is presumed to be spent, milliseconds. Default 15 minutes. */
  readonly leaseMs?: number | undefined;
  /** A webhook for budgets that are near their limit or over it. Default: none. */
  readonly notices?: NoticeOptions | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
  /** Default: the system's. Measures time; windows are chosen by the time of the shared state. */
  readonly clock?: Clock | undefined;
}

/** Budgets: a gate for a client, and what operators look at. */
export interface Budget {
  /** For the option `gates` of a client. */
  readonly gate: AttemptGate;
  /** The rules of the code, also those that a rule of the settings replaces. */
  readonly rulesOfCode: readonly BudgetRule[];
  /** The current windows of all rules. While the store is away their sums are `null`. */
  status(): Promise<readonly BudgetWindow[]>;
  /** The outage of the store; `null`: it answers. */
  outage(): BudgetOutage | null;
  /**
   * Removes presumed amounts from a window, after the bill was checked.
   *
   * @param key - the key of a window, from `status()`, or the id of a rule that has only one
   * @param presumed - how much, in the window's unit; default: all of it
   * @param by - who does it and why, for `writeOffs`
   * @throws LLMError `invalid_input` if there is no such window
   */
  writeOff(key: string, presumed?: number, by?: WriteOffBy): Promise<void>;
  /** The latest write-offs, the newest first. @param limit - default 100; the last 1,000 are kept. Rejects with a `StorageError` */
  writeOffs(limit?: number): Promise<readonly BudgetWriteOff[]>;
  /** Resolves when the settlements of all ended attempts are stored, or are kept for the end of an outage. */
  idle(): Promise<void>;
  /** Ends timers, after the settlements that are under way. Attempts that end later are settled all the same. */
  close(): Promise<void>;
}
