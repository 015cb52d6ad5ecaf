import type { AttemptAsk, BudgetRule } from "@babylon/llm-core";
import type { PeriodWindows } from "../windows/period-windows.ts";

/** Where a rule is written. */
export type RuleSource = "code" | "settings";

/** What a limit counts: billionths of a US dollar, or tokens. */
export type BudgetUnit = "usd" | "tokens";

/** The fields of an attempt that a scope can name. */
export type ScopeField = "tenant" | "agent" | "purpose" | "provider" | "model";

/** All of them, in the order of keys and texts. */
export const SCOPE_FIELDS: readonly ScopeField[] = ["tenant", "agent", "purpose", "provider", "model"];

/** The values of an attempt that scopes look at. */
export type ScopeValues = Pick<AttemptAsk, ScopeField>;

/** A checked rule. */
export interface CompiledBudget {
  readonly rule: BudgetRule;
  readonly source: RuleSource;
  readonly unit: BudgetUnit;
  /** In the unit; a whole number. */
  readonly limit: number;
  readonly warnAt: number;
  readonly refuses: boolean;
  /** The start of the keys of all its windows, which ends with the separator. */
  readonly keyPrefix: string;
  /** The named fields of the scope; `*`: each value. Empty: all attempts. */
  readonly fields: readonly (readonly [ScopeField, string])[];
  readonly windows: PeriodWindows;
}

/** A rule that counts an attempt, and for which values. */
export interface MatchedRule {
  readonly compiled: CompiledBudget;
  /** The value of each named field; empty: all attempts. */
  readonly subject: Readonly<Partial<Record<ScopeField, string>>>;
  /** The key of its windows without their start. */
  readonly series: string;
}
