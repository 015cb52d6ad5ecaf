export type { BudgetPeriod, BudgetRule, BudgetScope } from "@babylon/llm-core";
export type { UnknownPrice, UnknownRate } from "./ask/price-policy.ts";
export type { Budget, BudgetOptions } from "./contract/budget.ts";
export type { BudgetLevel, BudgetOutage, BudgetWindow, BudgetWriteOff, WhileAway } from "./contract/budget-window.ts";
export { createBudget } from "./create-budget.ts";
export { formatAmount } from "./gate/format-amount.ts";
export type { NoticeOptions } from "./notices/notice-options.ts";
export type { BudgetUnit, RuleSource, ScopeField } from "./rules/compiled-budget.ts";
export { type OtherWindow, otherWindows } from "./status/other-windows.ts";
