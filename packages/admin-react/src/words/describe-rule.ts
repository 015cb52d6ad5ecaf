import type { BudgetRule, ScopeField } from "@babylon/admin-api/contract";
import { formatBudgetAmount } from "./format-budget-amount.ts";
import { formatCount } from "./format-count.ts";

/** The fields of a scope in the order of the page, as words. */
export const SCOPE_WORDS: Readonly<Record<ScopeField, string>> = {
  tenant: "Tenant",
  agent: "Agent",
  purpose: "Purpose",
  provider: "Provider",
  model: "Model",
};

/** All fields of a scope. */
export const SCOPE_ORDER: readonly ScopeField[] = ["tenant", "agent", "purpose", "provider", "model"];

const NANO_PER_USD = 1e9;
const MINUTE_MS = 60_000;
const UNITS: readonly (readonly [word: string, ms: number])[] = [
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
];

const PER: Readonly<Record<Extract<BudgetRule["per"], string>, string>> = {
  hour: "an hour",
  day: "a day",
  week: "a week",
  month: "a month",
  total: "in total",
};

/** A length of time in its largest whole unit: `36 hours`. */
function formatLength(ms: number): string {
  const [word, unitMs] = UNITS.find(([, each]) => ms % each === 0) ?? ["second", 1_000];
  const count = ms / unitMs;
  return count === 1 ? word : `${formatCount(count)} ${word}s`;
}

/** `a month`, `in any 36 hours`. */
export const describePeriod = (per: BudgetRule["per"]): string =>
  typeof per === "string" ? PER[per] : `in any ${formatLength(per.rollingMs)}`;

/** `all calls`, `each tenant`, `tenant acme, agent scribe`. */
export function scopeInWords(scope: BudgetRule["scope"], nameOf: (provider: string) => string = String): string {
  const parts = SCOPE_ORDER.flatMap((field) => {
    const value = scope === "all" ? undefined : scope[field];
    if (value === undefined) return [];
    return value === "*" ? [`each ${field}`] : [`${field} ${field === "provider" ? nameOf(value) : value}`];
  });
  return parts.length === 0 ? "all calls" : parts.join(", ");
}

/** The limit with its unit. */
export const formatLimit = ({ limitUsd, limitTokens }: BudgetRule): string =>
  limitUsd === undefined
    ? formatBudgetAmount(limitTokens ?? null, "tokens")
    : formatBudgetAmount(Math.round(limitUsd * NANO_PER_USD), "usd");

/** A rule in one line: `$50.00 a month (Europe/Berlin) for each tenant; refuses at the limit; near from 80 %`; `paused` if it is. Pure. */
export function describeRule(rule: BudgetRule, nameOf?: (provider: string) => string): string {
  const { per, timeZone = "UTC", scope, atLimit = "refuse", warnAt = 0.8 } = rule;
  const zone = typeof per === "string" && per !== "total" ? ` (${timeZone})` : "";
  const limit = atLimit === "refuse" ? "refuses at the limit" : "only warns";
  const percent = Number((warnAt * 100).toFixed(2));
  const state = rule.paused ? "; paused" : "";
  return `${formatLimit(rule)} ${describePeriod(per)}${zone} for ${scopeInWords(scope, nameOf)}; ${limit}; near from ${percent} %${state}`;
}
