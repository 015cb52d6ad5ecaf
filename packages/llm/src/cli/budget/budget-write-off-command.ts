import type { BudgetWindow, OtherWindow } from "@babylon/budget";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { updateOptions } from "../settings/update-options.ts";
import { describeScope } from "./budget-command.ts";
import { openCliBudget } from "./open-cli-budget.ts";

type Window = BudgetWindow | OtherWindow;

const NANO_PER_USD = 1e9;

/** Removes presumed amounts from a budget, after the bill was checked. */
export const budgetWriteOffCommand: Command = async (context) => {
  const { operands, flags, json, print } = context;
  const { budget, state, close } = await openCliBudget(context);
  try {
    const budgets = await budget.status();
    const { otherWindows, formatAmount } = await import("@babylon/budget");
    const others = await otherWindows(state, new Set(budgets.map(({ rule }) => rule)));
    const window = findWindow([...budgets, ...others], operands);
    const { key, rule, scope, unit } = window;
    const presumed = window.presumed ?? 0;
    const amount = Math.min(presumed, amountOf(textFlag(flags, "amount"), unit) ?? presumed);
    const { actor = null, reason = null } = updateOptions(context);
    const by = { actor, reason };
    if ("level" in window) await budget.writeOff(key, amount, by);
    else if (window.per.startsWith("rolling"))
      throw new UsageError("a rolling budget of the code is written off by its service");
    else await state.ledger.writeOff(key, amount, by);
    if (json) print.json({ ok: true, rule, scope, unit, writtenOff: amount, presumed: presumed - amount });
    else
      print.lines(
        `${rule} ${describeScope(scope)}: ${formatAmount(amount, unit)} written off, ${formatAmount(presumed - amount, unit)} presumed.`,
      );
    return EXIT.ok;
  } finally {
    await close();
  }
};

function findWindow(windows: readonly Window[], [rule = "", ...values]: readonly string[]): Window {
  const ofRule = windows.filter((window) => window.rule === rule);
  if (ofRule.length === 0) {
    const known = [...new Set(windows.map((window) => window.rule))].join(", ");
    throw new UsageError(`no budget "${rule}"; there ${known === "" ? "are none" : `is ${known}`}`);
  }
  const [found, ...others] = ofRule.filter(({ scope }) => {
    const own = Object.entries(scope).map(([field, value]) => `${field}=${value}`);
    return values.every((value) => own.includes(value));
  });
  if (found !== undefined && others.length === 0) return found;
  const choices = ofRule.slice(0, 5).map(({ scope }) => describeScope(scope));
  throw new UsageError(`budget write-off ${rule}: name one of its windows, such as ${choices.join(", or ")}`);
}

/** An amount in the unit of its budget; `undefined`: all of it. */
function amountOf(text: string | undefined, unit: Window["unit"]): number | undefined {
  if (text === undefined) return undefined;
  const pattern = unit === "usd" ? /^\$?\d{1,7}(\.\d{1,9})?$/ : /^\d{1,15}$/;
  if (!pattern.test(text)) {
    throw new UsageError(
      `--amount: expected ${unit === "usd" ? "US dollars, such as 0.25" : "a number of tokens"}, got "${text}"`,
    );
  }
  return Math.round(Number(text.replace("$", "")) * (unit === "usd" ? NANO_PER_USD : 1));
}
