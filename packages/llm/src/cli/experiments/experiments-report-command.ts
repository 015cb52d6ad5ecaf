import type { ArmComparison, ExperimentReport, GuardrailQuantile, Interval } from "@babylon/experiments";
import { textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { openCliExperiments } from "./open-cli-experiments.ts";

/** Prints the report of an experiment. */
export const experimentsReportCommand: Command = async (context) => {
  const { operands, json, print } = context;
  const [id = ""] = operands;
  const as = viewFlag(context);
  const { store } = await openCliStore(context, "read");
  try {
    const { experiments, rows } = await openCliExperiments(context, store);
    try {
      const settings = await store.get();
      const report = await experiments.report(id, { as, settings });
      const { audienceText } = await import("@babylon/experiments/contract");
      const audience = settings.value.experiments?.[id]?.audience;
      if (json) print.json({ ok: true, report });
      else print.lines(...reportLines(report, audienceText(audience), print.styles.bold));
      return EXIT.ok;
    } finally {
      await rows.close();
    }
  } finally {
    await store.close();
  }
};

function viewFlag({ flags }: CommandContext): "assigned" | "served" {
  const text = textFlag(flags, "as") ?? "assigned";
  if (text === "assigned" || text === "served") return text;
  throw new UsageError(`--as: expected assigned or served, got "${text}"`);
}

const UNKNOWN = "-";

const figure = (value: number | null): string => (value === null ? UNKNOWN : String(Number(value.toPrecision(4))));
const share = (value: number | null): string =>
  value === null ? UNKNOWN : `${Number((value * 100).toPrecision(3))} %`;
const range = (interval: Interval | null): string =>
  interval === null ? UNKNOWN : `${figure(interval[0])} to ${figure(interval[1])}`;

/** A report as lines. */
export function reportLines(report: ExperimentReport, audience: string, bold: (text: string) => string): string[] {
  const { experiment, version, state, metric, direction, verdict, why } = report;
  const { units, calls, plannedUnits, srm, arms, comparison, guardrails, served, shadows, warnings, excluded } = report;
  const planned = plannedUnits === null ? "" : ` of ${plannedUnits} planned`;
  const left = Object.entries(excluded).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${bold(`${experiment}: ${verdict}`)}  ${why}`,
    "",
    `Version ${version}, ${state}; ${metric}, ${direction === "up" ? "more" : "less"} is better; as ${report.as}`,
    `Audience: ${audience}`,
    `${units} units${planned}, ${calls} calls; sample ratio p = ${figure(srm.p)}${srm.ok ? "" : ", which is not a coincidence"}`,
    ...(left.length === 0 ? [] : [`Not in the experiment: ${left.join(", ")} calls`]),
    "",
    ...formatTable([
      ["arm", "units", "calls", metric, "interval", "fallbacks", "unknown", "pending"],
      ...arms.map((arm) => [
        arm.isPaused ? `${arm.id} (paused)` : arm.id,
        String(arm.units),
        String(arm.calls),
        figure(arm.mean),
        range(arm.interval),
        share(arm.fallbackRate),
        share(arm.unknownShare),
        share(arm.pendingShare),
      ]),
    ]),
    "",
    ...comparisonLines(`difference, as ${report.as}`, comparison),
    ...(report.as === "served" ? [] : ["", ...comparisonLines("difference, as served", served.comparison)]),
    ...guardrails.map(
      (rail) =>
        `Guardrail ${rail.metric}${quantileText(rail.quantile)} of ${rail.arm}: ${rail.state}, worse by ${figure(rail.worse)} (${range(rail.interval)}), ${rail.worseBy} is acceptable`,
    ),
    ...shadows.flatMap(({ arm, calls: copies, preferred }) => [
      `Shadow ${arm}: ${copies} copies`,
      ...Object.entries(preferred).map(
        ([name, { pairs, share: better, interval }]) =>
          `  ${name}: better in ${share(better)} of ${pairs} pairs (${range(interval)})`,
      ),
    ]),
    ...warnings.map((text) => `Note: ${text}`),
  ];
}

/** ` (share of calls above 1.5 times the control's p95)`, of which the figures of the guardrail are then. */
const quantileText = (quantile: GuardrailQuantile | null): string =>
  quantile === null
    ? ""
    : ` (share of calls above ${figure(quantile.times)} times the control's p${figure(quantile.of * 100)})`;

const comparisonLines = (title: string, comparison: readonly ArmComparison[]): string[] =>
  formatTable([
    ["arm", title, "interval", "relative", "p", "probability of being better"],
    ...comparison.map(({ arm, difference, interval, relative, relativeInterval, p, probabilityBetter }) => [
      arm,
      figure(difference),
      range(interval),
      relativeInterval === null
        ? share(relative)
        : `${share(relative)} (${share(relativeInterval[0])} to ${share(relativeInterval[1])})`,
      figure(p),
      share(probabilityBetter),
    ]),
  ]);
