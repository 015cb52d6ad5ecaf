import type { ExclusionReason, ExperimentArm, ExperimentSettings } from "@babylon/llm-core";
import type { ShadowSums } from "../rows/experiment-rows.ts";
import { sampleRatio } from "../statistics/sample-ratio.ts";
import { type ArmTotals, type ExperimentTotals, noTotals } from "./arm-totals.ts";
import { type Comparing, compareArms, meanInterval } from "./compare.ts";
import type { ArmFigure, ArmReport, ExperimentReport, ServedReport } from "./experiment-report.ts";
import { fallbackDifference } from "./fallback-difference.ts";
import { countText, percentText } from "./figure-text.ts";
import { guardrailReports } from "./guardrail-reports.ts";
import { shadowReports } from "./shadow-reports.ts";
import { createUnitSample, meanOf, type UnitSample } from "./unit-sample.ts";
import { judgeExperiment } from "./verdict.ts";

/** What a report is made from. */
export interface ReportInput {
  readonly id: string;
  readonly settings: ExperimentSettings;
  /** The metrics of the totals: that of the experiment first, then those of its guardrails and the further ones. */
  readonly metrics: readonly string[];
  /** The further metrics, of which the arms' means are reported. */
  readonly figures: readonly string[];
  /** The metrics of the shadows. */
  readonly shadowMetrics: readonly string[];
  /** The metrics of judges, for shadows. */
  readonly judged: readonly string[];
  readonly totals: ExperimentTotals;
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
  readonly shadows: readonly ShadowSums[];
  readonly lost: number;
  readonly as: "assigned" | "served";
  /** The control's quantiles of guardrails, by the name of the metric; `null`: it has no values. Absent: no guardrail is about a quantile. */
  readonly quantiles?: ReadonlyMap<string, number | null> | undefined;
}

/** The probability of a false positive, of all arms together. */
const ALPHA = 0.05;

/** Where the interval is narrowest if nothing is planned; as in GrowthBook. */
const DEFAULT_PLANNED_UNITS = 5_000;

/** Below this p the arms' numbers of units are not a coincidence. */
const SRM_ALPHA = 0.001;

/** The share of units in several arms above which something is wrong. */
const MIXED_LIMIT = 0.01;

/** Above this share of unknown values a report says so. */
const UNKNOWN_LIMIT = 0.1;

/** How the arms of an experiment are compared. Bonferroni: each arm but the control is one comparison. */
export function comparingOf({ arms, plannedUnits = DEFAULT_PLANNED_UNITS }: ExperimentSettings): Comparing {
  const others = arms.filter(({ shadow }) => shadow !== true).length - 1;
  return { plannedUnits, alpha: ALPHA / Math.max(1, others) };
}

const figureOf = (sample: UnitSample, comparing: Comparing): ArmFigure => ({
  mean: meanOf(sample),
  interval: meanInterval(sample, comparing),
});

/** Makes the report of an experiment. Pure. */
export function toReport(input: ReportInput): ExperimentReport {
  const { id, settings, metrics, figures, totals, excluded, lost, as } = input;
  const arms = settings.arms.filter(({ shadow }) => shadow !== true);
  const others = arms.slice(1);
  const totalsOf = ({ id: arm }: ExperimentArm): ArmTotals => totals.arms.get(arm) ?? noTotals(metrics.length);
  const comparing = comparingOf(settings);
  const sampleOf = (arm: ExperimentArm, view: "assigned" | "served", metric = 0): UnitSample =>
    totalsOf(arm).metrics[metric]?.[view] ?? createUnitSample();
  const compare = (view: "assigned" | "served") =>
    others.map((arm) =>
      compareArms(arm.id, controlSample(view), sampleOf(arm, view), { ...comparing, direction: settings.direction }),
    );
  const controlSample = (view: "assigned" | "served", metric = 0): UnitSample => {
    const [control] = arms;
    return control === undefined ? createUnitSample() : sampleOf(control, view, metric);
  };
  const armReports = arms.map((arm) => {
    const ofMetrics = figures.map((name) => [name, figureOf(sampleOf(arm, as, metrics.indexOf(name)), comparing)]);
    return { ...toArmReport(arm, totalsOf(arm), sampleOf(arm, as), comparing), figures: Object.fromEntries(ofMetrics) };
  });
  const units = armReports.reduce((sum, arm) => sum + arm.units, 0);
  const running = arms.filter(({ paused }) => paused !== true);
  const srmP = sampleRatio(
    running.map((arm) => totalsOf(arm).units),
    running.map(({ weight }) => weight),
  );
  const srm = { p: srmP, ok: srmP >= SRM_ALPHA };
  const guardrails = guardrailReports(
    settings,
    { metrics, quantiles: input.quantiles ?? new Map() },
    arms,
    (arm, metric) => sampleOf(arm, as, metric),
    comparing,
  );
  const fallbacks = fallbackDifference(arms.map((arm) => ({ id: arm.id, sample: totalsOf(arm).fallback })));
  const served: ServedReport = {
    arms: arms.map((arm) => {
      const sample = sampleOf(arm, "served");
      return { id: arm.id, units: sample.moments.n, ...figureOf(sample, comparing) };
    }),
    comparison: compare("served"),
    ...fallbacks,
  };
  const comparison = compare(as);
  const invalid =
    invalidReason(input, armReports, srm, units) ?? (as === "served" && !served.isComparable ? served.why : null);
  return {
    experiment: id,
    version: settings.version ?? 1,
    state: settings.state,
    metric: settings.metric,
    direction: settings.direction,
    as,
    units,
    calls: armReports.reduce((sum, arm) => sum + arm.calls, 0),
    plannedUnits: settings.plannedUnits ?? null,
    excluded,
    mixedUnits: totals.mixedUnits,
    lost,
    srm,
    arms: armReports,
    comparison,
    guardrails,
    served,
    shadows: shadowReports(input, comparing),
    ...judgeExperiment({ settings, arms: armReports, comparison, guardrails, units, invalid }),
    warnings: warningsOf(input, armReports, served),
  };
}

function toArmReport(
  arm: ExperimentArm,
  totals: ArmTotals,
  sample: UnitSample,
  comparing: Comparing,
): Omit<ArmReport, "figures"> {
  const { units, calls, fallback, metrics } = totals;
  const { knownCalls = 0, pendingCalls = 0 } = metrics[0] ?? {};
  return {
    id: arm.id,
    isPaused: arm.paused === true,
    units,
    calls,
    knownUnits: sample.moments.n,
    ...figureOf(sample, comparing),
    fallbackRate: meanOf(fallback),
    unknownShare: calls === 0 ? null : (calls - knownCalls - pendingCalls) / calls,
    pendingShare: calls === 0 ? null : pendingCalls / calls,
  };
}

function invalidReason(
  { totals: { mixedUnits } }: ReportInput,
  arms: readonly ArmReport[],
  srm: ExperimentReport["srm"],
  units: number,
): string | null {
  if (!srm.ok) {
    const counts = arms.filter(({ isPaused }) => !isPaused).map((arm) => `"${arm.id}" ${countText(arm.units)}`);
    return `The numbers of units do not fit the weights (${counts.join(", ")}; p = ${srm.p.toExponential(1)}), so the arms cannot be compared: calls of one arm are lost or counted twice. Check that all processes record exposures and that no arm fails before its calls are recorded, then start a new version of the experiment.`;
  }
  if (mixedUnits > MIXED_LIMIT * (units + mixedUnits)) {
    return `${countText(mixedUnits)} units have calls in several arms: processes had different settings for a long time, or two writers used the same version. Start a new version of the experiment.`;
  }
  return null;
}

function warningsOf(
  { settings, lost, totals: { mixedUnits } }: ReportInput,
  arms: readonly ArmReport[],
  served: ServedReport,
): readonly string[] {
  const unknown = arms.filter(({ unknownShare }) => (unknownShare ?? 0) > UNKNOWN_LIMIT);
  const paused = arms.filter(({ isPaused }) => isPaused);
  return [
    ...unknown.map(
      ({ id, unknownShare }) =>
        `${settings.metric} is not known of ${percentText(unknownShare ?? 0)} of the calls of "${id}": they are left out, not counted as 0.`,
    ),
    ...paused.map(({ id }) => `"${id}" is paused: its units are from an earlier time than those of the others.`),
    ...(served.isComparable ? [] : [served.why]),
    ...(mixedUnits > 0 ? [`${countText(mixedUnits)} units with calls in several arms are left out.`] : []),
    ...(lost > 0 ? [`${countText(lost)} rows of this process are lost: the database was away.`] : []),
  ];
}
