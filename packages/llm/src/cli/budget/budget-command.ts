import type { BudgetWindow, OtherWindow } from "@babylon/budget";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliBudget } from "./open-cli-budget.ts";

/** Prints what budgets have spent, hold and have left. Exit code 1 if their store does not answer. */
export const budgetCommand: Command = async (context) => {
  const { json, print } = context;
  const { budget, state, close } = await openCliBudget(context);
  try {
    const budgets = await budget.status();
    const { otherWindows, formatAmount } = await import("@babylon/budget");
    const { connected, location, lastError } = state.status();
    const others = connected ? await otherWindows(state, new Set(budgets.map(({ rule }) => rule))) : [];
    if (json) print.json({ ok: connected, location, budgets, others });
    else if (!connected) print.note(lastError ?? `${location}: not available`);
    else print.lines(...toLines(budgets, others, formatAmount, context));
    return connected ? EXIT.ok : EXIT.failed;
  } finally {
    await close();
  }
};

/** Where the limits of rules in code come from. */
function noteOf(others: readonly OtherWindow[]): readonly string[] {
  const seen = new Map(others.map(({ rule, seenAt }) => [rule, seenAt]));
  const times = [...seen].flatMap(([rule, at]) => (at === null ? [] : [`${rule} at ${describeEnd(at)}`]));
  const unknown = [...seen].flatMap(([rule, at]) => (at === null ? [rule] : []));
  return [
    ...(times.length === 0
      ? []
      : [`(code): the limit is in the code of a service, as it had it: ${times.join(", ")}.`]),
    ...(unknown.length === 0
      ? []
      : [`(code): the limit is in the code of a service, and not known: ${unknown.join(", ")}.`]),
  ];
}

type FormatAmount = (amount: number, unit: BudgetWindow["unit"]) => string;

/** The values of a scope: `tenant=acme`; `-`: all attempts. */
export function describeScope(scope: BudgetWindow["scope"]): string {
  const values = Object.entries(scope).map(([field, value]) => `${field}=${value}`);
  return values.length === 0 ? "-" : values.join(" ");
}

const describePer = (per: BudgetWindow["per"]): string => (typeof per === "string" ? per : `rolling${per.rollingMs}`);

const describeEnd = (endsAt: number | null): string =>
  endsAt === null ? "-" : new Date(endsAt).toISOString().slice(0, 16).concat("Z");

function toLines(
  budgets: readonly BudgetWindow[],
  others: readonly OtherWindow[],
  formatAmount: FormatAmount,
  { print }: CommandContext,
): string[] {
  if (budgets.length + others.length === 0) return ["No budgets, and nothing was spent on any."];
  const { bold, bad } = print.styles;
  const header = ["budget", "scope", "per", "limit", "spent", "presumed", "held", "left", "forecast", "ends"];
  const rows = budgets.map((window) => {
    const { rule, scope, per, unit, limit, spent, presumed, held, left, forecast, endsAt, level, paused } = window;
    const amount = (value: number | null): string => (value === null ? "-" : formatAmount(value, unit));
    const cells = [
      describeScope(scope),
      describePer(per),
      amount(limit),
      amount(spent),
      amount(presumed),
      amount(held),
    ];
    const name = paused ? `${rule} (paused)` : level === "over" ? bad(rule) : rule;
    return [name, ...cells, amount(left), amount(forecast), describeEnd(endsAt)];
  });
  const otherRows = others.map(({ rule, scope, per, unit, limit, spent, presumed, held, endsAt }) => {
    const sums = [spent, presumed, held].map((value) => formatAmount(value, unit));
    const left = limit === null ? "-" : formatAmount(limit - spent - presumed - held, unit);
    const name = limit === null ? "(code)" : `${formatAmount(limit, unit)} (code)`;
    return [rule, describeScope(scope), per, name, ...sums, left, "-", describeEnd(endsAt)];
  });
  const warnings = budgets.flatMap(({ rule, scope, warning }) =>
    warning === null ? [] : [`${rule} ${describeScope(scope)}: ${warning}`],
  );
  const note = others.length === 0 ? [] : ["", ...noteOf(others)];
  return [
    ...formatTable([header.map((cell) => bold(cell)), ...rows, ...otherRows]),
    ...(warnings.length === 0 ? [] : ["", ...warnings]),
    ...note,
  ];
}
