import { wholeFlag } from "../arguments/read-flag.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { describeScope } from "./budget-command.ts";
import { openCliBudget } from "./open-cli-budget.ts";

const DEFAULT_LIMIT = 20;

/** Prints what was written off: when, by whom, how much, of which window, and why. */
export const budgetWriteOffsCommand: Command = async (context) => {
  const { flags, json, print } = context;
  const limit = wholeFlag(flags, "limit", 1) ?? DEFAULT_LIMIT;
  const { budget, close } = await openCliBudget(context);
  try {
    const writeOffs = await budget.writeOffs(limit);
    if (json) {
      print.json({ ok: true, writeOffs });
      return EXIT.ok;
    }
    if (writeOffs.length === 0) print.note("nothing was written off");
    const { formatAmount } = await import("@babylon/budget");
    const { bold, dim } = print.styles;
    const header = ["when", "who", "amount", "budget", "scope", "window", "reason"].map((name) => bold(name));
    const rows = writeOffs.map(({ atEpochMs, actor, amount, unit, rule, scope, per, startsAt, reason }) => [
      toMinute(atEpochMs),
      actor ?? dim("unknown"),
      formatAmount(amount, unit),
      rule,
      describeScope(scope),
      startsAt === null ? per : `${per} from ${toMinute(startsAt)}`,
      reason === null ? "" : dim(reason),
    ]);
    if (rows.length > 0) print.lines(...formatTable([header, ...rows]));
    return EXIT.ok;
  } finally {
    await close();
  }
};

const toMinute = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 16).concat("Z");
