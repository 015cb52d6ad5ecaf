import type { BudgetRule } from "@babylon/llm-core";
import type { BudgetUnit, RuleSource, ScopeField } from "../rules/compiled-budget.ts";

/**
 * What happens to attempts while the store is away. `share`: each process may use its share of what was left; `deny`: they are refused;
 * `allow`: they are made.
 */
export type WhileAway = "share" | "deny" | "allow";

/** The time in which a store is away. */
export interface BudgetOutage {
  /** Since when, epoch milliseconds by the clock of this process. */
  readonly sinceEpochMs: number;
  readonly onOutage: WhileAway;
  /** The number of settlements that are kept for its end. */
  readonly waiting: number;
}

/** The current window of a rule, for one value of its scope. Amounts are billionths of a US dollar, or tokens. */
export interface BudgetWindow {
  /** The name of the window in the shared state. */
  readonly key: string;
  /** The id of the rule. */
  readonly rule: string;
  readonly source: RuleSource;
  /** The values that are counted; empty: all attempts. */
  readonly scope: Readonly<Partial<Record<ScopeField, string>>>;
  readonly per: BudgetRule["per"];
  readonly timeZone: string;
  readonly unit: BudgetUnit;
  readonly limit: number;
  /** Whether attempts above the limit are refused. */
  readonly atLimit: "refuse" | "warn";
  /** The rule goes on counting, and neither refuses nor warns. */
  readonly paused: boolean;
  /** Known to be spent. `null`, here and below: the store is away. */
  readonly spent: number | null;
  /** May have been spent: no provider has said. */
  readonly presumed: number | null;
  /** Reserved for attempts that are under way. */
  readonly held: number | null;
  /** What is left of the limit; during an outage of this process's share. Below 0: more was spent than the limit. */
  readonly left: number | null;
  /** Epoch milliseconds; `null`: a budget without windows. */
  readonly startsAt: number | null;
  /** Epoch milliseconds; `null`: it never ends, or it rolls. */
  readonly endsAt: number | null;
  /** The amount at the end of the window if it goes on as until now. `null`: not known yet, or the window has no end. */
  readonly forecast: number | null;
  readonly level: BudgetLevel;
  /** For people; `null`: there is nothing to warn of. */
  readonly warning: string | null;
}

/** A write-off of presumed amounts: who, when, how much, of which window. */
export interface BudgetWriteOff {
  /** By the clock of the shared state, epoch milliseconds. */
  readonly atEpochMs: number;
  /** The id of the rule. */
  readonly rule: string;
  /** The values that the window counts; empty: all attempts. */
  readonly scope: Readonly<Partial<Record<ScopeField, string>>>;
  /** As in the rule; a rolling period is `rolling` and its milliseconds. */
  readonly per: string;
  readonly timeZone: string;
  readonly unit: BudgetUnit;
  /** When the window began, epoch milliseconds; of a rolling period one of its steps. `null`: a budget without windows. */
  readonly startsAt: number | null;
  /** How much was removed, in the unit. */
  readonly amount: number;
  /** `null`: not known. */
  readonly actor: string | null;
  /** `null`: not said. */
  readonly reason: string | null;
}

/**
 * How much of a limit is used. `near`: at least the share `warnAt`; `over`: all of it; `unknown`: the store is away. A paused rule is `ok` at
 * any use.
 */
export type BudgetLevel = "ok" | "near" | "over" | "unknown";
