import type { Flags } from "../arguments/flags.ts";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";

/** Computes how many units an experiment takes. */
export const experimentsPlanCommand: Command = async ({ flags, json, print }) => {
  const difference = numberFlag(flags, "difference", { above: 0 });
  const rate = numberFlag(flags, "rate", { above: 0, below: 1 });
  const variance = numberFlag(flags, "variance", { above: 0 });
  if (difference === undefined) throw new UsageError("experiments plan needs --difference <n>");
  if ((rate === undefined) === (variance === undefined)) {
    throw new UsageError("experiments plan needs either --rate <n> or --variance <n>");
  }
  const { unitsNeeded } = await import("@babylon/experiments");
  const needed = unitsNeeded({
    difference,
    rate,
    variance,
    callsPerUnit: wholeFlag(flags, "calls-per-unit", 1),
    correlation: numberFlag(flags, "correlation", { atLeast: 0, below: 1 }),
    power: numberFlag(flags, "power", { above: 0, below: 1 }),
  });
  if (json) print.json({ ok: true, ...needed });
  else {
    print.lines(
      `${print.styles.bold(`${needed.units} units`)}: ${needed.control} for the control and ${needed.arm} for the arm, ${needed.calls} calls`,
    );
    print.note(`Set plannedUnits to ${needed.units}. Looking at the report on the way costs no further units.`);
  }
  return EXIT.ok;
};

/** The bounds of a number. */
interface Bounds {
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
}

function numberFlag(flags: Flags, name: string, { above, atLeast, below }: Bounds): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > (above ?? -1) && value >= (atLeast ?? 0) && value < (below ?? Number.POSITIVE_INFINITY)) return value;
  const bounds = [
    above === undefined ? "" : ` above ${above}`,
    atLeast === undefined ? "" : ` of at least ${atLeast}`,
    below === undefined ? "" : ` below ${below}`,
  ];
  throw new UsageError(`--${name}: expected a number${bounds.join("")}, got "${text}"`);
}
