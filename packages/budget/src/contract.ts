/** Entry `@babylon/budget/contract`: the types of what operators look at. Portable. */
export type { BudgetLevel, BudgetOutage, BudgetWindow, BudgetWriteOff, WhileAway } from "./contract/budget-window.ts";
export type { BudgetUnit, RuleSource, ScopeField } from "./rules/compiled-budget.ts";
